"""Summaries: the aggregates and the performance profile of each competitor, as tables.

Only who has every task is given numbers, since tasks differ; the others stand below, with what they have.

Axes: A competitors, T tasks, S seeds, P places, X thresholds.
"""

import numpy as np
import pandas as pd

from suite.analysis import aggregate
from suite.analysis.cube import Floats
from suite.analysis.field import Field

SEED = 0  # of the bootstraps, so that the same records always give the same numbers
THRESHOLDS = tuple(round(0.02 * step, 2) for step in range(51))  # from chance to perfect
STATISTICS = {
    "iqm": aggregate.interquartile_mean,
    "mean": aggregate.mean,
    "median": aggregate.median,
    "optimality_gap": aggregate.optimality_gap,
}
LIMITS = ("", "_low", "_high")
NUMBERS = tuple(name + limit for name in STATISTICS for limit in LIMITS)
PROFILE = ("competitor", "threshold", "share", "low", "high")


def aggregates(field: Field, *, confidence: float = 0.95) -> pd.DataFrame:
    """A row per competitor, the best interquartile mean first: statistics with bootstrap intervals, and counts."""
    whole = field.complete
    found = {name: _statistics(scores, confidence) for name, scores in zip(whole.names, whole.score_ATSP, strict=True)}
    numbers = pd.DataFrame.from_dict(found, orient="index", columns=list(NUMBERS), dtype=float)
    rows = field.counts.join(numbers, on="competitor")
    rows = rows.sort_values(["iqm", "mean"], ascending=False, kind="stable", na_position="last", ignore_index=True)
    return rows[["competitor", *NUMBERS, "n_tasks", "n_seeds", "n_runs", "n_failed"]]


def _statistics(scores_TSP: Floats, confidence: float) -> list[float]:
    rng = np.random.default_rng(SEED)
    found = [aggregate.stratified(one, scores_TSP, rng, confidence=confidence) for one in STATISTICS.values()]
    return [value for one in found for value in (one.value, one.low, one.high)]


def profiles(field: Field, *, confidence: float = 0.95) -> pd.DataFrame:
    """A row per competitor and threshold: the share of runs above it, and the limits at this threshold alone."""
    whole = field.complete
    parts = [
        pd.DataFrame(dict(zip(PROFILE, (name, THRESHOLDS, *_profile(scores, confidence)), strict=True)))
        for name, scores in zip(whole.names, whole.score_ATSP, strict=True)
    ]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(PROFILE))


def _profile(scores_TSP: Floats, confidence: float) -> tuple[Floats, Floats, Floats]:
    there_TSP = ~np.isnan(scores_TSP)
    above_XTS = np.stack([(there_TSP & (scores_TSP > threshold)).sum(axis=2) for threshold in THRESHOLDS])
    runs_TS = there_TSP.sum(axis=2)
    shares_XTS = np.divide(above_XTS, runs_TS, out=np.full(above_XTS.shape, np.nan), where=runs_TS > 0)
    return aggregate.stratified_means(shares_XTS, np.random.default_rng(SEED), confidence=confidence)
