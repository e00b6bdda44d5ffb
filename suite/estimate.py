"""How long trials will take: from what the like took before, else from their size.

An architecture is anybody's code, so a network is built for this in a process of its own.
"""

import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from statistics import fmean
from typing import NamedTuple

from suite import catalog
from suite.backend import ENVIRONMENT
from suite.cost import training_flops
from suite.record import Record
from suite.trial import Trial, Tricks

# A rough guess, good to a factor of two on the first study: a step costs so much per module, plus its arithmetic.
PER_MODULE = 60e-6
FLOPS_PER_SECOND = 8e9
LOADING = 0.03  # data, building and scoring
UNKNOWN = 1.0  # where even the network could not be built
SURE, UNSURE = (0.8, 1.3), (0.5, 2.0)
PATIENCE = 30.0

Kind = tuple[str, str, int, int, int, int, int]


class Range(NamedTuple):
    """Seconds, at the least and at the most."""

    low: float
    high: float


class Estimate:
    """Seconds for each of `trials`, given what `records` took."""

    def __init__(self, records: Iterable[Record], trials: Iterable[Trial]) -> None:
        took = defaultdict[Kind, list[float]](list)
        for record in records:
            if record.result.outcome == "finished":
                took[_kind(record.trial)].append(record.cost.seconds)
        self._known = {kind: fmean(seconds) for kind, seconds in took.items()}
        self._guessed = _guesses({_kind(trial): trial for trial in trials if _kind(trial) not in self._known})

    def seconds(self, trial: Trial) -> float:
        kind = _kind(trial)
        return self._known[kind] if kind in self._known else self._guessed[kind]

    def range(self, trials: Sequence[Trial], slots: int) -> Range:
        """Wall seconds for all of them on that many slots."""
        total = sum(map(self.seconds, trials)) / slots
        low, high = SURE if all(_kind(trial) in self._known for trial in trials) else UNSURE
        return Range(low * total, high * total)


def _kind(trial: Trial) -> Kind:
    size, budget = trial.size, trial.budget
    return trial.task, trial.architecture, size.width, size.depth, size.patch, budget.steps, budget.batch


def _guesses(trials: dict[Kind, Trial]) -> dict[Kind, float]:
    """A guess for each, made by a child that says one number per line; what it does not say is UNKNOWN."""
    if not trials:
        return {}
    child = subprocess.Popen(
        [sys.executable, "-m", "suite.estimate"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=os.environ | ENVIRONMENT,
        start_new_session=True,
    )
    try:
        said, _ = child.communicate("".join(trial.model_dump_json() + "\n" for trial in trials.values()), PATIENCE)
    except subprocess.TimeoutExpired:
        child.kill()
        said, _ = child.communicate()
    numbers = [float(line) for line in said.splitlines()]
    return dict(zip(trials, numbers + [UNKNOWN] * (len(trials) - len(numbers)), strict=True))


def _guess(trial: Trial) -> float:
    plain = trial.model_copy(update={"tricks": Tricks()})
    try:
        network = catalog.architecture(trial.architecture).build(catalog.task(trial.task), plain.size, plain.tricks)
        modules = sum(1 for _ in network.modules())
        arithmetic = training_flops(plain, trial.budget.steps) / FLOPS_PER_SECOND
    except Exception:  # it will fail as a trial too, and there the reason is recorded
        return UNKNOWN
    return LOADING + trial.budget.steps * modules * PER_MODULE + arithmetic


if __name__ == "__main__":
    for line in sys.stdin:
        print(_guess(Trial.model_validate_json(line)), flush=True)
