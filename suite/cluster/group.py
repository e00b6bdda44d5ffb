"""A group of processes that train one trial together, started and connected by Ray Train.

Ray Train gives each its share, and says when one is gone. It retries nothing and keeps nothing: a group that has lost a
process ends, and who ordered the trial decides what comes next.
"""

import os
import platform
import secrets
import signal
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import ray
from ray.train import FailureConfig, RunConfig, ScalingConfig, WorkerGroupError, get_context
from ray.train.backend import Backend
from ray.train.torch import TorchConfig, TorchTrainer, get_device
from torch import distributed

from suite.cluster import node
from suite.cluster.difference import difference
from suite.parallel import Failed, failed, train_part
from suite.protocol import LOCAL, Place
from suite.record import Record
from suite.shared import share
from suite.trial import Trial

QUIET = {"RAY_CHDIR_TO_TRIAL_DIR": "0", "RAY_TRAIN_METRICS_ENABLED": "0", "RAY_TRAIN_ENABLE_PREEMPTION_WATCHER": "0"}
LOOK = {"RAY_TRAIN_HEALTH_CHECK_INTERVAL_S": "0.5"}  # seconds between two looks at the processes of a group
SAME_BITS = {"CUBLAS_WORKSPACE_CONFIG": ":4096:8"}  # without it, torch refuses CUDA's matrix products


class Mixed(Exception):
    """A node is not made as where the sweep began; the text names the difference."""


@dataclass(frozen=True)
class Conditions:
    """How a group trains: within `deadline` seconds, with the execution `mode` and `gpus` for each process.

    Data is shared in the folder `shared`, or without one in each node's own for the sweep `name`. Nodes are made as
    `expected`, if that says anything.
    """

    mode: str
    gpus: float
    deadline: float
    checkpoints: str
    shared: str = ""
    name: str = ""
    expected: dict[str, str] = field(default_factory=dict)


@dataclass
class Meeting(TorchConfig):
    """Processes of one machine find each other through a file: torch's own meeting place listens to everybody."""

    path: str = ""

    @property
    def backend_cls(self) -> type[Backend]:
        return Connected


class Connected(Backend):
    """All processes of the group are connected before any of them trains."""

    share_cuda_visible_devices = True

    def on_start(self, worker_group: Any, backend_config: Any) -> None:
        size = len(worker_group)
        given = (backend_config.backend, backend_config.path, size, backend_config.timeout_s)
        ray.get([worker_group.execute_single_async(rank, _connect, rank, *given) for rank in range(size)])


def _connect(rank: int, backend: str, path: str, size: int, seconds: float) -> None:
    timeout = timedelta(seconds=seconds)
    distributed.init_process_group(backend, init_method=f"file://{path}", rank=rank, world_size=size, timeout=timeout)


def work(trials: Sequence[str], place: Place, how: Conditions) -> Iterator[str]:
    """For each trial, `started ID PID` before and `record JSON` after it, as suite.worker has it.

    The process is the one that waits for the group, which does not outlive it. What is raised when a process of the
    group is gone tells the engine that the trial has taken its worker along.
    """
    os.environ.update(QUIET | LOOK)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    for text in trials:
        trial = Trial.model_validate_json(text)
        yield f"started {trial.id} {os.getpid()}"
        signal.setitimer(signal.ITIMER_REAL, how.deadline)
        try:
            record = _trained(trial, place, how)
        except Mixed as other:
            yield f"refused {other}"
            return
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        yield f"record {record.to_json()}"


def _trained(trial: Trial, place: Place, how: Conditions) -> Record:
    told = {"trial": trial.model_dump_json(), "how": asdict(how)}
    try:
        result: Any = trainer(told, place, how).fit()
    except WorkerGroupError as error:
        raised = list(error.worker_failures.values())
        for one in raised:
            if isinstance(one, Mixed):
                raise one from error
            if isinstance(one, Failed):
                return failed(trial, one.result, how.mode)
        # Of a class that the engine knows without torch, because it is told of this.
        raise RuntimeError(f"the group has lost a process: {error}") from None
    return Record.from_json(result.return_value)


def trainer(told: dict[str, Any], place: Place, how: Conditions) -> TorchTrainer:
    """What Ray Train is asked for."""
    name, folder = f"group-{secrets.token_hex(4)}", _shared(how)
    folder.mkdir(parents=True, exist_ok=True)
    backend = "nccl" if place.gpus >= 1 else "gloo"  # nccl takes no two processes on one accelerator
    seconds = int(how.deadline) + 1
    connection = TorchConfig(backend, timeout_s=seconds)
    if place.ray == LOCAL:
        connection = Meeting(backend, timeout_s=seconds, path=str(folder / f"{name}.meeting"))
    share_of_each = {"CPU": place.cpus} | ({"GPU": place.gpus} if place.gpus else {})
    return TorchTrainer(
        take_part,
        train_loop_config=told,
        torch_config=connection,
        scaling_config=ScalingConfig(
            num_workers=place.processes, use_gpu=place.gpus > 0, resources_per_worker=share_of_each
        ),
        run_config=RunConfig(name=name, storage_path=str(folder), failure_config=FailureConfig(max_failures=0)),
    )


def take_part(told: dict[str, Any]) -> Any:
    """What each process of the group does; the first one says the record, as JSON."""
    how, trial = Conditions(**told["how"]), Trial.model_validate_json(told["trial"])
    if how.expected:
        here = f"process {get_context().get_world_rank()} on {platform.node()}"
        other = difference("where the sweep began", how.expected, here, node.made_of())
        if other:
            raise Mixed(other)
    os.environ.update(SAME_BITS)
    node.bound_memory(how.gpus)
    share(_shared(how), trial.task, trial.seed)
    kept = Path(how.checkpoints) if how.checkpoints and Path(how.checkpoints).parent.is_dir() else None
    record = train_part(trial, how.mode, get_device(), kept)
    return record.to_json() if record else None


def _shared(how: Conditions) -> Path:
    return Path(how.shared) if how.shared else node.shared(how.name)
