"""Duels: every two competitors against each other, and the strengths that all duels together give.

Two meet where both are there: on the same task and seed, with all else the same. What failed loses to what finished.

Axes: A competitors, T tasks, S seeds, P places, K pairs, B resamples.
"""

from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from suite.analysis import bayes
from suite.analysis.aggregate import average, limits, stratified_means, won
from suite.analysis.bradley_terry import Strengths, bradley_terry
from suite.analysis.cube import Floats, Truths
from suite.analysis.field import Field
from suite.analysis.interval import holm, intervals
from suite.analysis.ranks import signed_rank
from suite.analysis.summary import SEED

RESAMPLES = 200  # of tasks, for strengths
PAIRWISE = {
    "competitor": "str",
    "other": "str",
    "difference": "float64",  # of the means over tasks, for these tasks
    "low": "float64",
    "high": "float64",
    "improvement": "float64",  # how often a run is better than the other's with the same seed
    "improvement_low": "float64",
    "improvement_high": "float64",
    "wins": "int64",  # tasks
    "ties": "int64",
    "losses": "int64",
    "p": "float64",  # Wilcoxon over tasks
    "p_holm": "float64",
    "better": "float64",  # probabilities of the Bayesian signed-rank test over tasks
    "rope": "float64",
    "worse": "float64",
    "n_tasks": "int64",
    "n_pairs": "int64",
    "n_failed": "int64",  # pairs that one or both lost
}
STRENGTHS = {
    "competitor": "str",
    "elo": "float64",
    "low": "float64",
    "high": "float64",
    "separated": "bool",
    "n_tasks": "int64",
    "n_pairs": "int64",
}


def pairwise(field: Field, *, rope: float = 0.0, confidence: float = 0.95) -> pd.DataFrame:
    """A row for every two that meet, the better by the mean over their tasks as `competitor`.

    Holm's correction is over all rows. `rope` is the difference, in normalised score, that does not matter. Over tasks
    nothing is said of two that meet on one task only.
    """
    pairs = [_better_first(field, a, b) for a, b in combinations(range(len(field.names)), 2) if _met(field, a, b).any()]
    if not pairs:
        return pd.DataFrame(columns=list(PAIRWISE)).astype(PAIRWISE)
    rng = np.random.default_rng(SEED)
    drawn = {n: bayes.weights(n, rng) for n in sorted({int(_met(field, *pair).sum()) for pair in pairs})}
    found = pd.DataFrame([_duel(field, a, b, drawn, rope, confidence) for a, b in pairs])
    wins_KTS = np.stack([average(won(field.score_ATSP[a], field.score_ATSP[b])) for a, b in pairs])
    value, low, high = stratified_means(wins_KTS, np.random.default_rng(SEED), confidence=confidence)
    found = found.assign(improvement=value, improvement_low=low, improvement_high=high)
    return found.assign(p_holm=holm(found["p"]))[list(PAIRWISE)].astype(PAIRWISE)


def strengths(field: Field, *, confidence: float = 0.95) -> pd.DataFrame:
    """Elo points of each by Bradley and Terry, the strongest first; a task counts alike, whatever runs it has.

    Intervals are from a bootstrap over tasks. `separated` says that somebody always wins or never, so that the numbers
    are finite only by a prior. Who met nobody has none.
    """
    if not field.names:
        return pd.DataFrame(columns=list(STRENGTHS)).astype(STRENGTHS)
    wins_TAA, pairs_AA = _wins(field)
    tasks, rng = len(field.tasks), np.random.default_rng(SEED)
    found = bradley_terry(wins_TAA.sum(axis=0))
    if tasks > 1:
        drawn = rng.multinomial(tasks, np.full(tasks, 1 / tasks), RESAMPLES)
        low, high = limits(np.stack([_strengths(wins_TAA, weight_T).elo for weight_T in drawn]), confidence)
    else:
        low = high = np.full(len(field.names), np.nan)
    rows = pd.DataFrame(
        {
            "competitor": list(field.names),
            "elo": found.elo,
            "low": low,
            "high": high,
            "separated": found.separated,
            "n_tasks": field.there_AT.sum(axis=1),
            "n_pairs": pairs_AA.sum(axis=1),
        }
    ).astype(STRENGTHS)
    rows.loc[rows["n_pairs"] == 0, ["elo", "low", "high"]] = np.nan
    return rows.sort_values("elo", ascending=False, kind="stable", ignore_index=True)


def _strengths(wins_TAA: Floats, weight_T: Floats) -> Strengths:
    return bradley_terry(np.tensordot(weight_T, wins_TAA, axes=1))


def _wins(field: Field) -> tuple[Floats, Floats]:
    """The share of pairs that row wins of column on each task, (T, A, A), and how many pairs there are, (A, A)."""
    count, tasks = len(field.names), len(field.tasks)
    wins_TAA, pairs_AA = np.zeros((tasks, count, count)), np.zeros((count, count))
    for a, b in combinations(range(count), 2):
        wins_TR = won(field.score_ATSP[a], field.score_ATSP[b]).reshape(tasks, -1)
        there_TR = ~np.isnan(wins_TR)
        n_T = there_TR.sum(axis=1)
        share_T = np.where(there_TR, wins_TR, 0.0).sum(axis=1) / np.maximum(n_T, 1)
        wins_TAA[:, a, b], wins_TAA[:, b, a] = share_T, np.where(n_T > 0, 1 - share_T, 0.0)
        pairs_AA[a, b] = pairs_AA[b, a] = n_T.sum()
    return wins_TAA, pairs_AA


def _duel(field: Field, a: int, b: int, drawn: dict[int, Floats], rope: float, confidence: float) -> dict[str, Any]:
    met_T = _met(field, a, b)
    ours_T, theirs_T = field.mean_AT[a, met_T], field.mean_AT[b, met_T]
    with np.errstate(invalid="ignore"):  # of two that failed
        difference_TSP = field.score_ATSP[a] - field.score_ATSP[b]
    paired_TSP = ~np.isnan(field.score_ATSP[a]) & ~np.isnan(field.score_ATSP[b])
    finished_TSP = np.isfinite(difference_TSP)
    apart = intervals(average(np.where(finished_TSP, difference_TSP, np.nan)), confidence)
    several = len(ours_T) > 1
    chances = bayes.signed_rank(ours_T, theirs_T, drawn[len(ours_T)], rope=rope) if several else (np.nan,) * 3
    return {
        "competitor": field.names[a],
        "other": field.names[b],
        "difference": float(apart.mean),
        "low": float(apart.low),
        "high": float(apart.high),
        "wins": int((ours_T > theirs_T).sum()),
        "ties": int((ours_T == theirs_T).sum()),
        "losses": int((ours_T < theirs_T).sum()),
        "p": signed_rank(ours_T - theirs_T) if several else np.nan,
        **dict(zip(("better", "rope", "worse"), chances, strict=True)),
        "n_tasks": len(ours_T),
        "n_pairs": int(paired_TSP.sum()),
        "n_failed": int((paired_TSP & ~finished_TSP).sum()),
    }


def _better_first(field: Field, a: int, b: int) -> tuple[int, int]:
    met_T = _met(field, a, b)
    return (a, b) if field.mean_AT[a, met_T].sum() >= field.mean_AT[b, met_T].sum() else (b, a)


def _met(field: Field, a: int, b: int) -> Truths:
    """The tasks on which two are there with a seed in common."""
    met: Truths = np.any(~np.isnan(field.score_ATSP[a] + field.score_ATSP[b]), axis=(1, 2))
    return met
