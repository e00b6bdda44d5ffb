"""What runs on a worker: a bundle of trials, one after the other. Knows nothing of Ray.

Plain JSON comes in and plain JSON goes out. What happens is said as it happens, so that a worker that dies
loses one trial, and everybody knows which.
"""

import os
import signal
from collections.abc import Iterator, Sequence
from pathlib import Path

from suite.train import train
from suite.trial import Trial


def work(trials: Sequence[str], deadline: float, checkpoints: str) -> Iterator[str]:
    """For each trial, `started ID PID` before and `record JSON` after it.

    A trial that takes longer than `deadline` seconds takes its process along. The alarm's default action
    ends a process even when it is stuck in C, where no exception would reach it.
    """
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    for text in trials:
        trial = Trial.model_validate_json(text)
        yield f"started {trial.id} {os.getpid()}"
        signal.setitimer(signal.ITIMER_REAL, deadline)
        record = train(trial, checkpoints=Path(checkpoints))
        signal.setitimer(signal.ITIMER_REAL, 0)
        yield f"record {record.to_json()}"
