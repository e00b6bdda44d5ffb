"""Many records: one verdict on all, by equal bits, by the tolerance, or by two one-sided tests over paired seeds.

Axes: T tasks (1 here), S seeds.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from suite.analysis import text
from suite.analysis.interval import intervals
from suite.record import Record
from suite.reproduction.verdict import KINDS, TOLERANCE, Kind, Verdict, only_arithmetic

LEVEL = 0.05  # of each one-sided test
ROUNDED = 12  # decimals; what is less is rounding of the mean and no difference

Judged = tuple[Record, Verdict]


@dataclass(frozen=True)
class Summary:
    """One verdict on many, and how many there are of each."""

    kind: Kind
    reason: str
    counts: dict[Kind, int]


def summary(judged: Sequence[Judged], tolerance: float = TOLERANCE) -> Summary:
    """The verdict on all.

    All the same bits: bit-exact. Where only arithmetic moved, runs may be further apart one by one than the tolerance,
    if the tests show for every task that their mean difference is not. A run that cannot be trained says nothing.
    """
    found = Counter(verdict.kind for _, verdict in judged)
    counts = {kind: found[kind] for kind in KINDS if found[kind]}
    said = ", ".join(f"{count:,} {kind}" for kind, count in counts.items())
    trained = [(record, verdict) for record, verdict in judged if verdict.kind != "cannot"]
    if not trained:
        return Summary("cannot", f"none of {len(judged):,} could be trained again", counts)
    kinds = {verdict.kind for _, verdict in trained}
    if "different" not in kinds:
        kind: Kind = "equivalent" if "equivalent" in kinds else "bit-exact"
        return Summary(kind, f"{said}, of {len(judged):,}", counts)
    kind, why = _tested(trained, tolerance)
    return Summary(kind, f"{said}, of {len(judged):,}; {why}", counts)


def _tested(trained: Sequence[Judged], tolerance: float) -> tuple[Kind, str]:
    differing = [verdict for _, verdict in trained if verdict.kind == "different"]
    others = [verdict for verdict in differing if not only_arithmetic(verdict.moved)]
    if others:
        moved = sorted({what for verdict in others for what, _, _ in verdict.moved})
        return "different", f"moved: {', '.join(moved)}" if moved else "although nothing moved"
    ended = [verdict for record, verdict in trained if _difference(record, verdict) is None and verdict in differing]
    if ended:
        return "different", f"{text.count(len(ended), 'run')} ended otherwise"
    wide = [said for said, inside in _by_task(trained, tolerance) if not inside]
    if wide:
        return "different", f"other arithmetic, and a mean difference beyond {tolerance:g} is possible: {wide[0]}"
    told = "; ".join(said for said, _ in _by_task(trained, tolerance))
    return "equivalent", f"other arithmetic, and by two one-sided tests the mean is within {tolerance:g}: {told}"


def _by_task(trained: Sequence[Judged], tolerance: float) -> list[tuple[str, bool]]:
    """For each task the interval of its mean difference in words, and whether it lies inside the tolerance.

    Seeds are the sample: the runs of one seed are averaged first.
    """
    units: dict[str, dict[int, list[float]]] = defaultdict(lambda: defaultdict(list))
    for record, verdict in trained:
        difference = _difference(record, verdict)
        if difference is not None:
            units[record.trial.task][record.trial.seed].append(difference)
    return [
        _inside(task, [float(np.mean(seed)) for seed in seeds.values()], tolerance) for task, seeds in units.items()
    ]


def _inside(task: str, seeds: Sequence[float], tolerance: float) -> tuple[str, bool]:
    found = intervals(np.array([seeds]), 1 - 2 * LEVEL)
    mean, low, high = (round(float(value), ROUNDED) for value in (found.mean, found.low, found.high))
    if max(map(abs, seeds)) <= tolerance / 1000:  # so alike that there is no spread to test with
        low = high = mean
    said = f"{task} {text.effect(mean, low, high)} ({text.count(len(seeds), 'seed')})"
    return said, low > -tolerance and high < tolerance


def _difference(record: Record, verdict: Verdict) -> float | None:
    """How much the test score moved, or None where one of them has none."""
    then, now = record.result.test, verdict.again.result.test if verdict.again else None
    return None if then is None or now is None else now - then
