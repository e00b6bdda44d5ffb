"""How long trials will take: from what the like took before, else from how long a step takes on nothing but zeros.

An architecture is anybody's code, so a network is built for this in a process of its own.
"""

import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from statistics import fmean
from typing import NamedTuple

from suite import catalog, child
from suite.backend import ENVIRONMENT
from suite.past import Kind, Past, kind
from suite.trial import Trial, Tricks

REPEATS = 3  # of a step; the first one is slower
STEP = 1.2  # times the way through the network and back, for the batch, the loss and the optimizer
LOADING = 0.03  # data, building and scoring
UNKNOWN = 1.0  # where even the network could not be built
SURE, UNSURE = (0.8, 1.3), (0.5, 2.0)
PATIENCE = 8.0  # seconds to guess in


class Range(NamedTuple):
    """Seconds, at the least and at the most."""

    low: float
    high: float


class Estimate:
    """Seconds for each of `trials`, given what the like took in the past."""

    def __init__(self, past: Iterable[Past], trials: Iterable[Trial]) -> None:
        took = defaultdict[Kind, list[float]](list)
        for before in past:
            if before.outcome == "finished":
                took[before.kind].append(before.seconds)
        self._known = {like: fmean(seconds) for like, seconds in took.items()}
        self._guessed = _guesses({kind(trial): trial for trial in trials if kind(trial) not in self._known})

    def seconds(self, trial: Trial) -> float:
        like = kind(trial)
        return self._known[like] if like in self._known else self._guessed[like]

    def range(self, trials: Sequence[Trial], slots: int) -> Range:
        """Wall seconds for all of them on that many slots."""
        total = sum(map(self.seconds, trials)) / slots
        low, high = SURE if all(kind(trial) in self._known for trial in trials) else UNSURE
        return Range(low * total, high * total)


def _guesses(trials: dict[Kind, Trial]) -> dict[Kind, float]:
    """A guess for each, made by a child that says one number per line; what it does not say is taken for their mean."""
    if not trials:
        return {}
    guesser = subprocess.Popen(
        child.command("suite.estimate"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=os.environ | ENVIRONMENT,
        start_new_session=True,
    )
    try:
        said, _ = guesser.communicate("".join(trial.model_dump_json() + "\n" for trial in trials.values()), PATIENCE)
    except subprocess.TimeoutExpired:
        guesser.kill()
        said, _ = guesser.communicate()
    numbers = [float(line) for line in said.splitlines()]
    rest = fmean(numbers) if numbers else UNKNOWN
    return dict(zip(trials, numbers + [rest] * (len(trials) - len(numbers)), strict=True))


def _guess(trial: Trial) -> float:
    from suite.blank import blank  # only the child needs torch

    task = catalog.task(trial.task)
    try:
        network = catalog.architecture(trial.architecture).build(task, trial.size, Tricks())
        inputs = blank(task, trial.budget.batch)
        step = min(_seconds(lambda: network(inputs).sum().backward()) for _ in range(REPEATS))
    except Exception:  # it will fail as a trial too, and there the reason is recorded
        return UNKNOWN
    return LOADING + trial.budget.steps * STEP * step


def _seconds(work: Callable[[], None]) -> float:
    """Of the processor, because Ray is starting beside us."""
    began = time.thread_time()
    work()
    return time.thread_time() - began


if __name__ == "__main__":
    for line in sys.stdin:
        print(_guess(Trial.model_validate_json(line)), flush=True)
