"""Claims: hypotheses stated before they are tested, and the verdict of the records on each.

Axes: T tasks, S seeds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from suite.analysis import text
from suite.analysis.contrast import NORMALISED
from suite.analysis.cube import Floats
from suite.analysis.interval import holm, intervals
from suite.analysis.layout import KNOWN_BY_ITSELF, Layout
from suite.analysis.table import Factors, known
from suite.claim import Claim
from suite.trial import Level

Verdict = Literal["supported", "refuted", "equivalent", "inconclusive"]
ARCHITECTURE = "architecture"  # may be moved like a factor


@dataclass(frozen=True)
class Judgement:
    """A claim's verdict and its evidence: the effect with its interval, in `unit`, and what it was counted from."""

    claim: Claim
    verdict: Verdict
    effect: float
    low: float
    high: float
    p_holm: float
    unit: str
    n_seeds: int  # the fewest that any task has
    n_tasks: int
    n_pairs: int
    n_missing: int

    @property
    def sentence(self) -> str:
        """H30 is supported: +0.113 [+0.064, +0.162] accuracy (Holm p <0.001; 5 seeds)."""
        number = text.effect(self.effect, self.low, self.high)
        tasks = f" x {text.count(self.n_tasks, 'task')}" if self.n_tasks > 1 else ""
        lost = f", {self.n_missing:,} comparisons lost" if self.n_missing else ""
        counted = f"Holm p {text.p_value(self.p_holm)}; {text.count(self.n_seeds, 'seed')}{tasks}{lost}"
        return f"{self.claim.id} is {self.verdict}: {number} {self.unit} ({counted})"


def judge(
    table: pd.DataFrame,
    factors: Factors,
    claims: Sequence[Claim],
    *,
    layout: Layout = KNOWN_BY_ITSELF,
    confidence: float = 0.95,
) -> list[Judgement]:
    """The verdict on each claim of a study with these factors, from the table of its records.

    Runs that differ, of the factors and architectures, only in what the claim moves are compared inside each task and
    seed. A verdict for or against needs Holm's correction over the study's claims. "equivalent" means that the interval
    of two one-sided tests at level 1 - confidence lies inside the margin, whatever side of zero it is on.
    """
    units = [_units(table, factors, claim, layout) for claim in claims]
    found = [intervals(units_TS, confidence) for units_TS, _ in units]
    narrow = [intervals(units_TS, 2 * confidence - 1) for units_TS, _ in units]
    p_holm = holm([float(one.p) for one in found])
    return [
        Judgement(
            claim=claim,
            verdict=_verdict(claim, found[i], narrow[i], float(p_holm[i]), layout.alpha(confidence)),
            effect=float(found[i].mean),
            low=float(found[i].low),
            high=float(found[i].high),
            p_holm=float(p_holm[i]),
            unit=_unit(table, claim),
            n_seeds=_fewest(units[i][0]),
            n_tasks=int(np.isfinite(units[i][0]).any(axis=1).sum()),
            n_pairs=units[i][1][0],
            n_missing=units[i][1][1],
        )
        for i, claim in enumerate(claims)
    ]


def _verdict(claim: Claim, found: Any, narrow: Any, p_holm: float, level: float) -> Verdict:
    """Inside the margin; else on a side of zero; else, for a claim of equality, beyond the margin."""
    if claim.margin and narrow.low > -claim.margin and narrow.high < claim.margin:
        return "supported" if claim.expects == "equivalent" else "equivalent"
    beyond = claim.margin if claim.expects == "equivalent" else 0.0
    decided = p_holm < level
    above, below = decided and found.low > beyond, decided and found.high < -beyond
    if claim.expects == "equivalent":
        return "refuted" if above or below else "inconclusive"
    expected, other = (above, below) if claim.expects == "better" else (below, above)
    return "supported" if expected else "refuted" if other else "inconclusive"


def _units(table: pd.DataFrame, factors: Factors, claim: Claim, layout: Layout) -> tuple[Floats, tuple[int, int]]:
    """The difference that the claim is about in each task and seed, (T, S), and how many pairs it has and lacks."""
    known("factor", [*_moves(claim), *claim.within], [*factors, ARCHITECTURE])
    rows = _scope(table, claim)
    value = "test" if rows["task"].nunique() == 1 else "score"
    others = [name for name in (*factors, ARCHITECTURE) if name not in {*_moves(claim), *claim.within}]
    place = ["task", "seed", *others]
    sides = []
    for levels, sign in corners(claim):
        at = rows[np.logical_and.reduce([rows[name] == level for name, level in levels.items()])]
        sides.append(sign * at.set_index(place)[value].rename(str(sorted(levels.items()))))
    for side in sides:
        assert not side.index.has_duplicates, "a study runs every point once"
    joined = pd.concat(sides, axis=1, join="inner" if layout.is_adaptive else "outer")
    difference = joined.sum(axis=1, skipna=False)
    whole = int(difference.notna().sum())
    by_block = difference.groupby(level=["task", "seed"]).mean()
    return by_block.unstack("seed").to_numpy(dtype=float).reshape(-1, max(1, rows["seed"].nunique())), (
        whole,
        len(difference) - whole,
    )


def corners(claim: Claim) -> list[tuple[dict[str, Level], int]]:
    """Which levels are compared, with their signs: two corners of an effect, four of an interaction."""
    sides = [({claim.factor: claim.level}, 1), ({claim.factor: claim.reference}, -1)]
    if claim.by is None:
        return sides
    there = [({claim.by: claim.by_level}, 1), ({claim.by: claim.by_reference}, -1)]
    return [({**a, **b}, sign_a * sign_b) for a, sign_a in sides for b, sign_b in there]  # type: ignore[dict-item]


def _moves(claim: Claim) -> set[str]:
    return {claim.factor} if claim.by is None else {claim.factor, claim.by}


def _scope(table: pd.DataFrame, claim: Claim) -> pd.DataFrame:
    rows = table
    for name, level in claim.within.items():
        rows = rows[rows[name] == level]
    if claim.tasks:
        rows = rows[rows["task"].isin(claim.tasks)]
    if claim.architectures and ARCHITECTURE not in _moves(claim):
        rows = rows[rows[ARCHITECTURE].isin(claim.architectures)]
    return rows


def _unit(table: pd.DataFrame, claim: Claim) -> str:
    rows = _scope(table, claim)
    return str(rows["metric"].iloc[0]) if rows["task"].nunique() == 1 else NORMALISED


def _fewest(units_TS: Floats) -> int:
    counts = np.isfinite(units_TS).sum(axis=1)
    return int(counts[counts > 0].min(initial=units_TS.shape[1])) if counts.any() else 0
