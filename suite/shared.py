"""Large data that the workers of a sweep share: files mapped into memory, so that a machine holds it once.

The first worker that needs a task's data for a seed writes it to a folder that lives as long as the engine; all
map it from there. A file is used only if its content still has the fingerprint that it was written with.
"""

import contextlib
import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from suite import catalog, data
from suite.provenance import task_source
from tasks.task import Split, Splits, Task

LARGE = 16 * 2**20  # bytes; less than that is not worth a file
PARTS = ("train", "valid", "test")


def share(folder: Path, task: str, seed: int) -> None:
    """See to it that this process holds the data, and if it is large, that it holds it with the others.

    Raises nothing: data that cannot be loaded, or not be shared, is for whoever asks for it.
    """
    if data.is_held(task, seed):
        return
    key = hashlib.sha256(f"{task}\x00{seed}\x00{task_source(task)}".encode()).hexdigest()[:16]
    with contextlib.suppress(Exception), _alone(folder / f"{key}.lock"):
        found = _mapped(folder / key, task)
        if found is None:
            found = data.load(task, seed)
            if found.size >= LARGE:
                data.hold(task, seed, found)  # in case that there is no room to write it
                _write(folder / key, found)
                found = _mapped(folder / key, task) or found
        data.hold(task, seed, found)


@contextlib.contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """One worker at a time, so that what is to be there once is not loaded by all of them first."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    file = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
    finally:
        os.close(file)


def _write(folder: Path, found: data.Data) -> None:
    """Under another name first, so that what has this one is whole."""
    new = folder.with_suffix(".new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir()
    for part in PARTS:
        split = getattr(found, part)
        for number, tensor in enumerate((split.targets, *data.pieces(split.inputs))):
            np.save(new / f"{part}-{number}.npy", tensor.numpy(), allow_pickle=False)
    (new / "fingerprint").write_text(found.fingerprint)
    shutil.rmtree(folder, ignore_errors=True)
    new.rename(folder)


def _mapped(folder: Path, task: str) -> data.Data | None:
    """The data in the files of `folder`; None if there is none, or not what was written."""
    try:
        fingerprint = (folder / "fingerprint").read_text()
        found = data.of(Splits(*(_split(folder, part, catalog.task(task)) for part in PARTS)))
    except (OSError, ValueError, TypeError):
        return None
    return found if found.fingerprint == fingerprint else None


def _split(folder: Path, part: str, task: Task) -> Split:
    count = len(list(folder.glob(f"{part}-*.npy")))
    targets, *inputs = (_array(folder, part, number) for number in range(count))
    return Split(data.whole(task, inputs), targets)


def _array(folder: Path, part: str, number: int) -> np.ndarray:
    # Copy on write, because torch warns of memory that it must not write to. Nobody does write to it.
    mapped: np.ndarray = np.load(folder / f"{part}-{number}.npy", mmap_mode="c", allow_pickle=False)
    return mapped
