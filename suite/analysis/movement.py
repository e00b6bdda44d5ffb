"""Movement: what two tables of the same runs differ by, pair by pair: before and after a change of code, say."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from suite.analysis import text
from suite.analysis.contrast import ALL, contrasts
from suite.analysis.cube import cube
from suite.analysis.estimates import rows as estimated
from suite.analysis.estimates import verdicts
from suite.analysis.interval import holm
from suite.analysis.table import Factors
from suite.trial import Level

SIDE, BEFORE, AFTER = "side", "before", "after"
UNCHANGED = "unchanged"
ORDER = ("worse", "better", "inconclusive", "equivalent", UNCHANGED)
COLUMNS = (
    "task", "architecture", "at", "unit", "effect", "low", "high", "p", "p_holm", "n_pairs", "n_same", "n_seeds",
    "n_missing", "verdict",
)  # fmt: skip


@dataclass(frozen=True)
class Movement:
    """What moved.

    `rows`: for all tasks and each, all architectures and each, and over all of them `at` each level of a factor, the
    mean difference after - before of pairs of runs with the same task, architecture, levels and seed; `n_same` of the
    pairs gave the same number. Holm's correction is over all rows. `pairs`: every pair. `only_before` and `only_after`
    are runs without a partner. `left_out` are tasks that are scored in another way since.
    """

    rows: pd.DataFrame
    pairs: pd.DataFrame
    only_before: int
    only_after: int
    left_out: tuple[str, ...]
    margin: float

    @property
    def lost(self) -> tuple[str, ...]:
        """Ids, as after, of runs that finished before and do not any more."""
        return self._turned(finished_before=True)

    @property
    def mended(self) -> tuple[str, ...]:
        """The other way round."""
        return self._turned(finished_before=False)

    @property
    def same(self) -> int:
        return int(self.pairs["same"].sum())

    @property
    def regressions(self) -> pd.DataFrame:
        """The rows that are decidedly worse, by more than the margin."""
        return self.rows[(self.rows["verdict"] == "worse") & (self.rows["effect"] < -self.margin)]

    @property
    def is_regression(self) -> bool:
        """Whether something is worse, or a run that finished before does not any more."""
        return bool(len(self.regressions)) or bool(self.lost)

    @property
    def sentence(self) -> str:
        if self.pairs.empty:
            return "No run of the one has a partner in the other, so nothing can be compared"
        whole = f"{self.same} of {text.count(len(self.pairs), 'pair')} of runs came out the same"
        ends = [f"{len(ids)} {word}" for ids, word in ((self.lost, "no longer finish"), (self.mended, "now do")) if ids]
        if self.rows.empty:
            return ", ".join([whole, *ends])
        first = self.rows.iloc[0]
        moved = f"the {first['unit']} moves by {text.effect(first['effect'], first['low'], first['high'])}"
        verdict = first["verdict"]
        decided = int(self.rows["verdict"].isin(["worse", "better"]).sum())
        some = f"{decided} of {text.count(len(self.rows), 'difference')} decided, {len(self.regressions)} for the worse"
        said = [whole, *ends, *([] if verdict == UNCHANGED else [f"{moved} ({verdict})", some])]
        return ", ".join(said)

    def _turned(self, *, finished_before: bool) -> tuple[str, ...]:
        done_before, done_after = (self.pairs[f"outcome_{side}"] == "finished" for side in (BEFORE, AFTER))
        turned = (done_before == finished_before) & (done_after != finished_before)
        return tuple(self.pairs.loc[turned, "id_after"])


def movement(
    before: pd.DataFrame, after: pd.DataFrame, factors: Factors, *, confidence: float = 0.95, margin: float = 0.0
) -> Movement:
    """Compare two tables run by run. `factors` are all that either study moves; what else differs is the change.

    Differences inside the `margin`, in the unit of their row, do not matter. Raises ValueError if a table cannot be
    analysed.
    """
    key = ["task", "architecture", *factors, "seed"]
    left_out = _scored_otherwise(before, after)
    before, after = (table[~table["task"].isin(left_out)] for table in (before, after))
    pairs = before.merge(after, on=key, suffixes=("_before", "_after"))
    kept = pairs[key].drop_duplicates()
    sides: list[tuple[str, pd.DataFrame]] = [(BEFORE, before.merge(kept, on=key)), (AFTER, after.merge(kept, on=key))]
    ends = [pairs[[f"outcome_{side}", f"test_{side}"]].fillna(-1).to_numpy() for side, _ in sides]
    columns = [f"{name}_{side}" for name in ("id", "outcome", "test") for side, _ in sides]
    shown = pairs[[*key, *columns]].assign(same=(ends[0] == ends[1]).all(axis=1))
    levels = {name: _levels(pairs[name], known) for name, known in factors.items()}
    named = [part.assign(id=f"{side} " + part["id"]).assign(**{SIDE: side}) for side, part in sides]
    rows = _rows(pd.concat(named, ignore_index=True), shown, levels, confidence, margin)
    only = [len(table) - len(part) for table, (_, part) in zip((before, after), sides, strict=True)]
    return Movement(rows, shown, only[0], only[1], left_out, margin)


def _rows(table: pd.DataFrame, pairs: pd.DataFrame, factors: Factors, confidence: float, margin: float) -> pd.DataFrame:
    if pairs.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    blocks = cube(table, {SIDE: (BEFORE, AFTER), **factors})
    places: list[dict[str, Level]] = [{}]
    places += [{name: level} for name, levels in factors.items() if len(levels) > 1 for level in levels]
    named = [
        ({"at": " ".join(map(str, *at.items())) if at else ""}, contrast)
        for at in places
        for contrast in contrasts(blocks, (SIDE,), at)
    ]
    found = estimated(blocks, ("at",), named, confidence, margin=margin)
    whole = found["architecture"] == ALL
    whole &= (found["task"] != ALL) if len(blocks.tasks) == 1 else (found["task"] == ALL)
    shown = (found["at"] == "") & ((found["task"] != ALL) if len(blocks.tasks) == 1 else True)
    shown &= (found["architecture"] == ALL) if len(blocks.architectures) == 1 else True
    found = found[shown | whole].reset_index(drop=True)
    found["p_holm"] = holm(found["p"])
    places_of = zip(found["task"], found["architecture"], found["at"], strict=True)
    found["n_same"] = [_same(pairs, *place) for place in places_of]
    verdict = verdicts(found, 1 - confidence, "better", "worse", "inconclusive")
    still = (found["n_same"] == found["n_pairs"]) & (found["n_missing"] == 0)
    return found.assign(verdict=verdict.mask(still, UNCHANGED))[list(COLUMNS)]


def _same(pairs: pd.DataFrame, task: str, architecture: str, at: str) -> int:
    """How many of a row's pairs gave the same."""
    inside = pairs["same"] & (pairs["outcome_before"] == "finished")
    for name, wanted in (("task", task), ("architecture", architecture)):
        if wanted != ALL:
            inside &= pairs[name] == wanted
    factor, _, level = at.partition(" ")
    if factor:
        inside &= pairs[factor].map(str) == level
    return int(inside.sum())


def _levels(there: pd.Series, known: Sequence[Level]) -> tuple[Level, ...]:
    """The levels that occur, in the study's order."""
    found = list(dict.fromkeys(there))
    return tuple(sorted(found, key=lambda level: list(known).index(level) if level in known else len(known)))


def _scored_otherwise(before: pd.DataFrame, after: pd.DataFrame) -> tuple[str, ...]:
    """Tasks whose metric or best constant answer is another one since: other data, in other words."""
    measures = pd.concat([before, after])[["task", "metric", "chance"]].drop_duplicates()
    return tuple(sorted(measures.loc[measures.duplicated("task"), "task"].unique()))
