"""What runs on a worker: a bundle of trials, one after the other. Knows nothing of Ray.

Plain JSON comes in and plain JSON goes out. What happens is said as it happens, so that a worker that dies
loses one trial, and everybody knows which.
"""

import os
import signal
from collections.abc import Iterator, Sequence
from pathlib import Path

from suite.fused import train_together
from suite.fusion import execution, groups
from suite.record import SOLO, Record
from suite.shared import share
from suite.train import train
from suite.trial import Trial


def work(trials: Sequence[str], deadline: float, checkpoints: str, shared: str, fused: int = 1) -> Iterator[str]:
    """For each trial, `started ID PID` before and `record JSON` after it.

    A trial that takes longer than `deadline` seconds takes its process along. The alarm's default action
    ends a process even when it is stuck in C, where no exception would reach it. Of up to `fused` trials that
    are trained together, the first one takes the time of all. `shared` is a folder for data that others need too;
    without a folder for `checkpoints`, none are kept.
    """
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    for group in groups([Trial.model_validate_json(text) for text in trials], fused):
        alone = execution(group[0], fused) == SOLO
        records = _records(group, 1 if alone else fused, Path(checkpoints) if checkpoints else None, Path(shared))
        for trial in group:
            yield f"started {trial.id} {os.getpid()}"
            takes_all = trial is group[0] and not alone
            signal.setitimer(signal.ITIMER_REAL, deadline * (len(group) if takes_all else 1))
            record = next(records)
            signal.setitimer(signal.ITIMER_REAL, 0)
            yield f"record {record.to_json()}"


def _records(group: Sequence[Trial], fused: int, checkpoints: Path | None, shared: Path) -> Iterator[Record]:
    for trial in group:
        share(shared, trial.task, trial.seed)
    if fused == 1:
        for trial in group:
            yield train(trial, checkpoints=checkpoints)
    else:
        yield from train_together(group, fused)
