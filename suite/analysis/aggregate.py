"""Aggregates over tasks that a mean hides: interquartile mean, optimality gap, performance profile, improvement.

Agarwal et al. (2021), Deep RL at the Edge of the Statistical Precipice. Scores are normalised: 0 is chance, 1 perfect.
Intervals are percentile bootstraps; with fewer than ten seeds they cover less than they say (`n_seeds` stands beside).

Axes: T tasks, S seeds, A architectures, R resamples, X thresholds.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from suite.analysis.cube import Floats, Whole

RESAMPLES = 2000


@dataclass(frozen=True)
class Estimate:
    """A number with its bootstrap interval."""

    value: float
    low: float
    high: float


def interquartile_mean(scores_TS: Floats) -> float:
    """The mean of the middle half of all runs: a quarter, rounded down, is cut off at each end."""
    ordered = np.sort(scores_TS[np.isfinite(scores_TS)], axis=None)
    cut = len(ordered) // 4
    return float(ordered[cut : len(ordered) - cut].mean()) if len(ordered) else float("nan")


def optimality_gap(scores_TS: Floats, best: float = 1.0) -> float:
    """By how much runs fall short of `best`, on average; what is above it counts as there."""
    finished = scores_TS[np.isfinite(scores_TS)]
    return float((best - np.minimum(finished, best)).mean()) if len(finished) else float("nan")


def profile(scores_TS: Floats, thresholds_X: Sequence[float]) -> Floats:
    """The share of runs that score above each threshold, each task counting alike; (X,)."""
    above_XTS = scores_TS > np.asarray(thresholds_X, dtype=float)[:, None, None]
    there_TS = np.isfinite(scores_TS)
    counts_T = there_TS.sum(1)
    shares_XT = np.where(there_TS, above_XTS, False).sum(2)[:, counts_T > 0] / counts_T[counts_T > 0]
    return np.asarray(shares_XT.mean(1), dtype=float)


def improvement(ours_TS: Floats, theirs_TS: Floats) -> float:
    """How often a run of ours beats a run of theirs on a task, ties a half, over tasks alike (Mann-Whitney)."""
    per_task = []
    for ours_S, theirs_S in zip(ours_TS, theirs_TS, strict=True):
        ours, theirs = ours_S[np.isfinite(ours_S)], theirs_S[np.isfinite(theirs_S)]
        if len(ours) and len(theirs):
            difference = ours[:, None] - theirs
            per_task.append(((difference > 0) + 0.5 * (difference == 0)).mean())
    return float(np.mean(per_task)) if per_task else float("nan")


def paired_improvement(ours_TS: Floats, theirs_TS: Floats) -> float:
    """The same for runs that share a seed: how often ours is the better of the two."""
    difference = ours_TS - theirs_TS
    per_task = [((row > 0) + 0.5 * (row == 0)).mean() for row in (d[np.isfinite(d)] for d in difference) if len(row)]
    return float(np.mean(per_task)) if per_task else float("nan")


def stratified(
    statistic: Callable[[Floats], float],
    scores_TS: Floats,
    rng: np.random.Generator,
    *,
    confidence: float = 0.95,
    resamples: int = RESAMPLES,
) -> Estimate:
    """The statistic, with runs drawn anew inside each task."""
    drawn = (np.take_along_axis(scores_TS, _seeds(scores_TS.shape, rng), 1) for _ in range(resamples))
    return _estimate(statistic(scores_TS), [statistic(scores) for scores in drawn], confidence)


def paired(
    statistic: Callable[[Floats, Floats], float],
    ours_TS: Floats,
    theirs_TS: Floats,
    rng: np.random.Generator,
    *,
    confidence: float = 0.95,
    resamples: int = RESAMPLES,
) -> Estimate:
    """A statistic of two, with the same blocks drawn for both, so that what they share cancels."""
    values = []
    for _ in range(resamples):
        seeds_TS = _seeds(ours_TS.shape, rng)
        values.append(statistic(np.take_along_axis(ours_TS, seeds_TS, 1), np.take_along_axis(theirs_TS, seeds_TS, 1)))
    return _estimate(statistic(ours_TS, theirs_TS), values, confidence)


def _seeds(shape: tuple[int, ...], rng: np.random.Generator) -> Whole:
    return rng.integers(0, shape[1], shape)


def _estimate(value: float, resampled: Sequence[float], confidence: float) -> Estimate:
    low, high = np.nanquantile(resampled, [(1 - confidence) / 2, (1 + confidence) / 2])
    return Estimate(value, float(low), float(high))
