"""Ranks of several competitors over tasks: Friedman's test, Wilcoxon with Holm, and cliques that nothing separates.

Demsar (2006), Statistical Comparisons of Classifiers over Multiple Data Sets; with Holm's correction in place of
Nemenyi's, which depends on who else is there (Benavoli, Corani and Mangili 2016).

Axes: T tasks, A competitors, P pairs, B resamples.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from scipy import stats

from suite.analysis.aggregate import limits
from suite.analysis.cube import Floats
from suite.analysis.field import Field
from suite.analysis.interval import holm
from suite.analysis.ties import letter

RESAMPLES = 2000
SEED = 0
RANKS = {
    "competitor": "str",
    "average_rank": "float64",
    "rank_low": "float64",
    "rank_high": "float64",
    "cliques": "str",
    "n_tasks": "int64",
    "n_failed": "int64",
}


@dataclass(frozen=True)
class Friedman:
    """Whether the competitors differ at all; `f` is Iman and Davenport's less cautious form of `chi2`."""

    chi2: float
    f: float
    p: float


def average_ranks(scores_TA: Floats) -> Floats:
    """The mean rank of each competitor over tasks, 1 the best; ties share the mean of their places. (A,)"""
    ranks_TA: Floats = stats.rankdata(-scores_TA, axis=1)
    return ranks_TA.mean(0)


def friedman(scores_TA: Floats) -> Friedman:
    """Friedman's test, corrected for ties, with Iman and Davenport's F and its p."""
    tasks, competitors = scores_TA.shape
    if competitors < 3 or tasks < 2:
        raise ValueError(f"Friedman's test takes three competitors on two tasks; got {competitors} on {tasks}")
    chi2 = float(stats.friedmanchisquare(*scores_TA.T).statistic)
    most = tasks * (competitors - 1)
    f = (tasks - 1) * chi2 / (most - chi2) if chi2 < most else float("inf")
    p = float(stats.f.sf(f, competitors - 1, (competitors - 1) * (tasks - 1)))
    return Friedman(chi2, f, p)


def wilcoxon(scores_TA: Floats) -> Floats:
    """Two-sided signed-rank p of every pair over tasks, with Holm's correction over the pairs; (A, A)."""
    competitors = scores_TA.shape[1]
    pairs = list(combinations(range(competitors), 2))
    raw = [signed_rank(scores_TA[:, a] - scores_TA[:, b]) for a, b in pairs]
    corrected_AA = np.ones((competitors, competitors))
    for (a, b), p in zip(pairs, holm(raw), strict=True):
        corrected_AA[a, b] = corrected_AA[b, a] = p
    return corrected_AA


def cliques(scores_TA: Floats, *, alpha: float = 0.05) -> list[tuple[int, ...]]:
    """The largest groups, neighbours in rank, of which no pair is separated; singles are left out."""
    order = np.argsort(average_ranks(scores_TA), kind="stable")
    together_AA = wilcoxon(scores_TA) >= alpha
    found: list[tuple[int, ...]] = []
    for first in range(len(order)):
        last = first
        while last + 1 < len(order) and together_AA[np.ix_(order[first : last + 2], order[first : last + 2])].all():
            last += 1
        group = tuple(int(place) for place in order[first : last + 1])
        if len(group) > 1 and not any(set(group) <= set(other) for other in found):
            found.append(group)
    return found


def rank_table(field: Field, *, confidence: float = 0.95) -> pd.DataFrame:
    """Average ranks over tasks, the best first, with the interval of each one's place over other draws of the tasks.

    Who shares a letter in `cliques` is not separated. Who lacks a task has no rank and stands below.
    """
    whole = field.complete
    rows = field.counts.assign(average_rank=np.nan, rank_low=np.nan, rank_high=np.nan, cliques="")
    if len(whole.names):
        scores_TA = whole.mean_AT.T
        low, high = rank_limits(scores_TA, confidence)
        place = rows.index[rows["competitor"].isin(whole.names)]
        rows.loc[place, "average_rank"] = average_ranks(scores_TA)
        rows.loc[place, "rank_low"], rows.loc[place, "rank_high"] = low, high
        rows.loc[place, "cliques"] = _lettered(cliques(scores_TA, alpha=1 - confidence), len(whole.names))
    rows = rows.sort_values("average_rank", kind="stable", na_position="last", ignore_index=True)
    return rows[list(RANKS)].astype(RANKS)


def rank_limits(scores_TA: Floats, confidence: float = 0.95) -> tuple[Floats, Floats]:
    """Between which places each competitor stands when tasks are drawn anew; NaN with a single task. (A,) each"""
    tasks, competitors = scores_TA.shape
    if tasks < 2:
        return np.full(competitors, np.nan), np.full(competitors, np.nan)
    ranks_TA = stats.rankdata(-scores_TA, axis=1)
    weight_BT = np.random.default_rng(SEED).multinomial(tasks, np.full(tasks, 1 / tasks), RESAMPLES)
    means_BA = np.round(weight_BT @ ranks_TA / tasks, 9)  # what ties must not differ by rounding
    low, _ = limits(stats.rankdata(means_BA, method="min", axis=1), confidence)
    _, high = limits(stats.rankdata(means_BA, method="max", axis=1), confidence)
    return low, high


def _lettered(groups: list[tuple[int, ...]], count: int) -> list[str]:
    """The letters of each competitor's cliques; who is in none has none."""
    return ["".join(letter(place) for place, group in enumerate(groups) if i in group) for i in range(count)]


def signed_rank(difference_T: Floats) -> float:
    """Ties of zero are shared between the two sides, as Demsar does."""
    if not np.any(difference_T):
        return 1.0
    return float(stats.wilcoxon(difference_T, zero_method="zsplit").pvalue)
