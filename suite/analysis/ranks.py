"""Ranks of several competitors over tasks: Friedman's test, Wilcoxon with Holm, and cliques that nothing separates.

Demsar (2006), Statistical Comparisons of Classifiers over Multiple Data Sets; with Holm's correction in place of
Nemenyi's, which depends on who else is there (Benavoli, Corani and Mangili 2016).

Axes: T tasks, A competitors, P pairs.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy import stats

from suite.analysis.cube import Floats
from suite.analysis.interval import holm


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
    raw = [_signed_rank(scores_TA[:, a] - scores_TA[:, b]) for a, b in pairs]
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


def _signed_rank(difference_T: Floats) -> float:
    """Ties of zero are shared between the two sides, as Demsar does."""
    if not np.any(difference_T):
        return 1.0
    return float(stats.wilcoxon(difference_T, zero_method="zsplit").pvalue)
