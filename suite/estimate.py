"""How long trials will take: from what the like took before, else from their arithmetic."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from statistics import fmean
from typing import NamedTuple

from suite import catalog
from suite.cost import training_flops
from suite.record import Record
from suite.trial import Trial, Tricks

# A rough guess, good to a factor of two on the first study: a step costs so much per module, plus its arithmetic.
PER_MODULE = 60e-6
FLOPS_PER_SECOND = 8e9
LOADING = 0.03  # data, building and scoring
SURE, UNSURE = (0.8, 1.3), (0.5, 2.0)

Kind = tuple[str, str, int, int, int, int, int]


class Range(NamedTuple):
    """Seconds, at the least and at the most."""

    low: float
    high: float


class Estimate:
    """Seconds per trial, given what is known from `records`."""

    def __init__(self, records: Iterable[Record]) -> None:
        seconds = defaultdict[Kind, list[float]](list)
        for record in records:
            if record.result.outcome == "finished":
                seconds[_kind(record.trial)].append(record.cost.seconds)
        self._known = {kind: fmean(values) for kind, values in seconds.items()}
        self._guessed: dict[Kind, float] = {}

    def seconds(self, trial: Trial) -> float:
        kind = _kind(trial)
        if kind not in self._known and kind not in self._guessed:
            self._guessed[kind] = _guess(trial)
        return self._known.get(kind) or self._guessed[kind]

    def range(self, trials: Sequence[Trial], slots: int) -> Range:
        """Wall seconds for all of them on that many slots."""
        total = sum(map(self.seconds, trials)) / slots
        low, high = SURE if all(_kind(trial) in self._known for trial in trials) else UNSURE
        return Range(low * total, high * total)


def _kind(trial: Trial) -> Kind:
    size, budget = trial.size, trial.budget
    return trial.task, trial.architecture, size.width, size.depth, size.patch, budget.steps, budget.batch


def _guess(trial: Trial) -> float:
    plain = trial.model_copy(update={"tricks": Tricks()})
    network = catalog.architecture(trial.architecture).build(catalog.task(trial.task), plain.size, plain.tricks)
    modules = sum(1 for _ in network.modules())
    arithmetic = training_flops(plain, trial.budget.steps) / FLOPS_PER_SECOND
    return LOADING + trial.budget.steps * modules * PER_MODULE + arithmetic
