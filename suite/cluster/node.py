"""What runs on a node of a cluster: what the node is made of, its folder for shared data, its share of the trials."""

import contextlib
import fcntl
import os
import platform
import shutil
import signal
import tempfile
from collections.abc import Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from suite import catalog
from suite.cluster.difference import difference
from suite.memory import bound
from suite.protocol import plain

LIBRARIES = ("ray", "torch", "numpy", "scipy", "scikit-learn", "tokenizers", "datasets", "pydantic")
PREFIX = "wl-data-"
HELD = "held"  # a file in a node's folder, locked by every worker that uses it


@cache
def made_of() -> dict[str, str]:
    """All that must be alike on every node for a trial to give the same bits on each, by what it is.

    What would change them unseen is taken out of this process's environment first, before torch reads it.
    """
    for name in os.environ.keys() - plain(os.environ).keys():
        del os.environ[name]
    from suite.numerics import numerics_class

    parts = {"Python": platform.python_version(), "source": source()}
    parts |= {library: _version(library) for library in LIBRARIES}
    return parts | {f"numerics {name}": value for name, value in numerics_class().items() if name not in LIBRARIES}


@cache
def source() -> str:
    """A hash of every file of ours that a trial of any task and architecture can execute on a worker."""
    from suite.provenance import _hash  # imports torch, which the engine does without on its own machine

    architectures = (f"suite.architectures.{name}" for name in catalog.architecture_names())
    tasks = (f"tasks.{name.replace('/', '.')}" for name in catalog.task_names())
    return _hash(("suite.worker", "suite.cluster.node", *architectures, *tasks))


def arrive() -> dict[str, str]:
    """The first thing that a sweep does on a node: clear what dead sweeps have left, say what the node is made of."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):
            _remove_unless_held(folder)
    return made_of()


def leave(name: str) -> None:
    """The last thing: remove the sweep's data."""
    shutil.rmtree(Path(tempfile.gettempdir()) / f"{PREFIX}{name}", ignore_errors=True)


def kill(process: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)


def work(
    node: str,
    name: str,
    expected: dict[str, str],
    trials: list[str],
    deadline: float,
    checkpoints: str,
    fused: int,
    gpus: float,
) -> Iterator[str]:
    """Say `on NODE`, then what suite.worker says of these trials; `refused WHY` if the node is not made as expected.

    A node can come while a sweep runs. A state that is kept in a folder that only this node has is of no use to
    the next one, so that it is kept only where the study's folder is.
    """
    other = difference("where the sweep began", expected, node, made_of())
    if other:
        yield f"refused {other}"
        return
    yield f"on {node}"
    from suite.worker import work

    bound_memory(gpus)
    kept = checkpoints if Path(checkpoints).parent.is_dir() else ""
    yield from work(trials, deadline, kept, str(shared(name)), fused)


@cache
def shared(name: str) -> Path:
    """The node's folder for arrays that its workers share; private, and held until this process ends."""
    folder = Path(tempfile.gettempdir()) / f"{PREFIX}{name}"
    with contextlib.suppress(OSError):  # where nothing can be written, nothing is shared
        folder.mkdir(mode=0o700, exist_ok=True)
        if folder.lstat().st_uid == os.getuid() and not folder.is_symlink():
            held = os.open(folder / HELD, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
            fcntl.flock(held, fcntl.LOCK_SH | fcntl.LOCK_NB)
    return folder / "data"


def _remove_unless_held(folder: Path) -> None:
    held = os.open(folder / HELD, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(held)


def bound_memory(gpus: float) -> None:
    """Take no more of an accelerator's memory than the share that this trial was given; without one, of the node's."""
    if not gpus:
        bound(_share())
    if 0 < gpus < 1:
        import torch

        if torch.cuda.is_available():
            torch.cuda.set_per_process_memory_fraction(gpus)


def _share() -> float:
    """This worker's part of its node's cores."""
    import ray

    here = ray.get_runtime_context()
    nodes = ray.nodes()  # type: ignore[no-untyped-call]
    cores: float = next(node["Resources"].get("CPU", 0.0) for node in nodes if node["NodeID"] == here.get_node_id())
    given: float = here.get_assigned_resources().get("CPU", 0.0)  # type: ignore[no-untyped-call]
    return given / cores if given and cores else 1.0


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "none"
