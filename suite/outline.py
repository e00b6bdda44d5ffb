"""A plan as people and as programs read it."""

from typing import Any

from suite.designs.point import Point
from suite.display import duration
from suite.estimate import Range
from suite.plan import Workload
from suite.study import Study


def lines(name: str, work: Workload, seconds: Range, slots: int) -> list[str]:
    """How many trials are new, cached, stale and impossible, how long it takes, and why some are impossible."""
    stale = f", {len(work.stale)} stale" if work.stale else ""
    refused = sum(pair.trials for pair in work.impossible)
    each = "1 slot" if slots == 1 else f"{slots} slots"
    time = f"{duration(seconds.low)} to {duration(seconds.high)} on {each}" if work.todo else "nothing to do"
    reasons = [f"  impossible: {pair.task} with {pair.architecture}: {pair.reason}" for pair in work.impossible]
    return [f"{name}: {len(work.new)} new, {len(work.cached)} cached{stale}, {refused} impossible; {time}", *reasons]


def arms(study: Study) -> list[str]:
    """Each arm by what it changes in the reference."""
    return [_arm(study, levels) for levels in study.arms()]


def document(name: str, study: Study, work: Workload, seconds: Range, slots: int) -> dict[str, Any]:
    """The same for programs."""
    return {
        "study": name,
        "new": len(work.new),
        "cached": len(work.cached),
        "stale": len(work.stale),
        "impossible": sum(pair.trials for pair in work.impossible),
        "reasons": [pair._asdict() for pair in work.impossible],
        "seconds": {**seconds._asdict(), "slots": slots},
        "reference": study.reference,
        "arms": study.arms(),
        "trials": [trial.id for trial in work.todo],
    }


def _arm(study: Study, levels: Point) -> str:
    moved = {name: level for name, level in levels.items() if level != study.reference[name]}
    words = ", ".join(f"{name} {level}" for name, level in (moved or levels).items())
    return words if moved else f"reference: {words}"
