"""A plan as people and as programs read it."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

import pandas as pd

from suite import catalog
from suite.designs.point import Point
from suite.display import duration, size
from suite.estimate import Range
from suite.footprint import footprint
from suite.plan import Workload
from suite.resources import Resources
from suite.study import Study
from suite.trial import Trial

SAID = 20  # reasons, each for a task with an architecture


@dataclass(frozen=True)
class Outline:
    """What a sweep of a study would do, and how many seconds that takes on so many slots."""

    name: str
    study: Study
    work: Workload
    seconds: Range
    slots: int

    def lines(self) -> list[str]:
        """How many trials are new, cached, stale and impossible, what they take, and why some are impossible."""
        work = self.work
        stale = f", {len(work.stale)} stale" if work.stale else ""
        refused = sum(pair.trials for pair in work.impossible)
        counts = f"{self.name}: {len(work.new)} new, {len(work.cached)} cached{stale}, {refused} impossible"
        reasons = [f"  impossible: {pair.task} with {pair.architecture}: {pair.reason}" for pair in work.impossible]
        more = [f"  {SAID} of {len(reasons)} reasons; --json has all"] if len(reasons) > SAID else []
        given = [] if self.study.resources == Resources() else [f"  each trial is given {self.study.resources.words}"]
        return [f"{counts}; {self._cost()}", *given, *reasons[:SAID], *more]

    def tables(self) -> list[tuple[str, pd.DataFrame]]:
        """The arms, and where widths are chosen so that networks are alike, those."""
        arms = pd.DataFrame([{"arm": self._arm(arm["levels"]), **_counts(arm)} for arm in self.arms()])
        if not self.work.stale:
            arms = arms.drop(columns="stale")
        found = [("What each arm changes", arms)]
        if self.study.match != "none":
            found.append((f"Widths that match the {self.study.match}", pd.DataFrame(self.widths())))
        return found

    def arms(self) -> list[dict[str, Any]]:
        """The arms with the number of trials that are new, cached and stale.

        A trial that answers several arms, because its architecture ignores where they differ, counts for the first.
        """
        points = self.study.arms()
        place = _Places(self.study, points)
        states = {"new": self.work.new, "stale": self.work.stale}
        ids = {trial.id: state for state, trials in states.items() for trial in trials}
        counted = Counter((place.of(trial), ids.get(trial.id, "cached")) for trial in self.work.trials)
        return [
            {"levels": levels, **{state: counted[number, state] for state in ("new", "cached", "stale")}}
            for number, levels in enumerate(points)
        ]

    def widths(self) -> list[dict[str, Any]]:
        """The widths that were chosen for each task and architecture over all arms."""
        found: dict[tuple[str, str], set[int]] = {}
        for trial in self.work.trials if self.study.match != "none" else ():
            found.setdefault((trial.task, trial.architecture), set()).add(trial.size.width)
        return [
            {"task": task, "architecture": mixer, "narrowest": min(widths), "widest": max(widths)}
            for (task, mixer), widths in found.items()
        ]

    def document(self) -> dict[str, Any]:
        """The same for programs."""
        work = self.work
        return {
            "study": self.name,
            "new": len(work.new),
            "cached": len(work.cached),
            "stale": len(work.stale),
            "impossible": sum(pair.trials for pair in work.impossible),
            "reasons": [pair._asdict() for pair in work.impossible],
            "seconds": {**self.seconds._asdict(), "slots": self.slots},
            "resources": self.study.resources.model_dump(),
            "bytes": footprint(len(work.todo))._asdict(),
            "reference": self.study.reference,
            "arms": self.study.arms(),
            "counts": [_counts(arm) for arm in self.arms()],
            "widths": self.widths(),
            "trials": [trial.id for trial in work.todo],
        }

    def _cost(self) -> str:
        if not self.work.todo:
            return "nothing to do"
        each = "1 slot" if self.slots == 1 else f"{self.slots} slots"
        low, high = footprint(len(self.work.todo))
        time = f"{duration(self.seconds.low)} to {duration(self.seconds.high)} on {each}"
        return f"{time}, {size(low)} to {size(high)} of disk"

    def _arm(self, levels: Point) -> str:
        moved = {name: level for name, level in levels.items() if level != self.study.reference[name]}
        words = ", ".join(f"{name} {level}" for name, level in (moved or levels).items())
        return words if moved else f"reference: {words or 'nothing is varied'}"


class _Places:
    """Which arm a trial belongs to: the first with its levels, as far as its architecture heeds them."""

    def __init__(self, study: Study, points: list[Point]) -> None:
        self._heeded = {
            name: tuple(factor for factor in study.factors if factor not in catalog.ignored(name))
            for name in study.architectures
        }
        self._first: dict[tuple[str, ...], dict[tuple[object, ...], int]] = {
            heeded: {tuple(point[name] for name in heeded): n for n, point in reversed(list(enumerate(points)))}
            for heeded in set(self._heeded.values())
        }

    def of(self, trial: Trial) -> int:
        heeded, levels = self._heeded[trial.architecture], trial.levels
        return self._first[heeded][tuple(levels[name] for name in heeded)]


def _counts(arm: dict[str, Any]) -> dict[str, int]:
    return {state: arm[state] for state in ("new", "cached", "stale")}
