"""Aggregates over tasks that a mean hides: interquartile mean, optimality gap, performance profile, improvement.

Agarwal et al. (2021), Deep RL at the Edge of the Statistical Precipice. Scores are normalised: 0 is chance, 1 perfect.
A run that is not there is NaN. One that failed is -inf: worse than any score where runs are ordered, and no part of
averages, beside which failures are counted. Intervals are percentile bootstraps; with fewer than ten seeds they cover
less than they say (`n_seeds` stands beside): of 95%, about 88 with three seeds, 90 with five, 92 with ten.

Axes: T tasks, S seeds, P places that a seed has, R all runs of a task, B resamples, X thresholds, K quantities;
`...` any number of samples done at once.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from suite.analysis.cube import Array, Floats, Truths, Whole

RESAMPLES = 2000
AT_ONCE = 4_000_000  # numbers in memory


@dataclass(frozen=True)
class Estimate:
    """A number with its bootstrap interval."""

    value: float
    low: float
    high: float


def interquartile_mean(scores_TR: Floats) -> Floats:
    """The mean of the middle half of all runs (..., T, R): a quarter, rounded down, is cut off at each end.

    NaN where a failed run belongs to the middle half.
    """
    runs = np.sort(scores_TR.reshape(*scores_TR.shape[:-2], -1), axis=-1)  # NaN last
    n = (~np.isnan(runs)).sum(axis=-1, keepdims=True)
    cut = n // 4
    place = np.arange(runs.shape[-1])
    middle = (place >= cut) & (place < n - cut)
    total = np.where(middle, runs, 0.0).sum(axis=-1)
    found = np.divide(total, middle.sum(axis=-1), out=np.full(total.shape, np.nan), where=n[..., 0] > 0)
    return np.where(np.isfinite(found), found, np.nan)


def mean(scores_TR: Floats) -> Floats:
    """The mean of the finished runs, each task counting alike; (...)."""
    return average(_task_means(scores_TR))


def median(scores_TR: Floats) -> Floats:
    """The median over tasks of the means of their finished runs; (...)."""
    means = np.sort(_task_means(scores_TR), axis=-1)
    n = np.maximum((~np.isnan(means)).sum(axis=-1, keepdims=True), 1)
    low, high = (np.take_along_axis(means, place, axis=-1)[..., 0] for place in ((n - 1) // 2, n // 2))
    found: Floats = (low + high) / 2
    return found


def optimality_gap(scores_TR: Floats, best: float = 1.0) -> Floats:
    """By how much finished runs fall short of `best`, on average, tasks alike; what is above it counts as there."""
    return best - mean(np.minimum(scores_TR, best))


def profile(scores_TR: Floats, thresholds_X: Sequence[float]) -> Floats:
    """The share of runs that score above each threshold, each task counting alike; (..., X)."""
    there = ~np.isnan(scores_TR)
    shares = [average(_share(there & (scores_TR > threshold), there)) for threshold in thresholds_X]
    return np.stack(shares, axis=-1)


def improvement(ours_TR: Floats, theirs_TR: Floats) -> Floats:
    """How often a run of ours beats a run of theirs on a task, ties a half, over tasks alike (Mann-Whitney)."""
    wins = won(ours_TR[..., :, None], theirs_TR[..., None, :])
    return average(average(wins.reshape(*wins.shape[:-2], -1)))


def paired_improvement(ours_TR: Floats, theirs_TR: Floats) -> Floats:
    """The same for runs that share a seed: how often ours is the better of the two."""
    return average(average(won(ours_TR, theirs_TR)))


def won(ours: Floats, theirs: Floats) -> Floats:
    """1 where ours is better, 0 where theirs is, 0.5 where they tie, also in failing; NaN where one is not there."""
    ours, theirs = np.broadcast_arrays(ours, theirs)
    wins = (ours > theirs) + 0.5 * (ours == theirs)
    return np.where(np.isnan(ours) | np.isnan(theirs), np.nan, wins)


def stratified(
    statistic: Callable[[Floats], Floats],
    scores_TSP: Floats,
    rng: np.random.Generator,
    *,
    confidence: float = 0.95,
    resamples: int = RESAMPLES,
) -> Estimate:
    """The statistic of scores (T, S) or (T, S, P), with seeds drawn anew inside each task, and their places along."""
    scores_TSP = scores_TSP.reshape(*scores_TSP.shape[:2], -1)
    tasks = len(scores_TSP)
    found = [
        statistic(_runs(scores_TSP[np.arange(tasks)[:, None], drawn])) for drawn in _draws(scores_TSP, rng, resamples)
    ]
    low, high = limits(np.concatenate(found), confidence)
    return Estimate(float(statistic(_runs(scores_TSP))), float(low), float(high))


def stratified_means(
    values_KTS: Floats, rng: np.random.Generator, *, confidence: float = 0.95, resamples: int = RESAMPLES
) -> tuple[Floats, Floats, Floats]:
    """K means over seeds, then tasks alike, and their limits; all K see the same seeds, and so stay paired."""
    tasks, seeds = values_KTS.shape[1:]
    drawn_TSB = rng.multinomial(seeds, np.full(seeds, 1 / max(1, seeds)), (resamples, tasks)).transpose(1, 2, 0)
    there = ~np.isnan(values_KTS)
    total_KB, count_KB = np.zeros((len(values_KTS), resamples)), np.zeros((len(values_KTS), resamples))
    for t in range(tasks):
        weight_KB = there[:, t] @ drawn_TSB[t].astype(float)
        share_KB = np.where(there[:, t], values_KTS[:, t], 0.0) @ drawn_TSB[t]
        total_KB += np.divide(share_KB, weight_KB, out=np.zeros_like(share_KB), where=weight_KB > 0)
        count_KB += weight_KB > 0
    means_KB = np.divide(total_KB, count_KB, out=np.full(total_KB.shape, np.nan), where=count_KB > 0)
    low_K, high_K = limits(means_KB.T, confidence)
    return average(average(values_KTS)), low_K, high_K


def limits(resampled_B: Floats, confidence: float) -> tuple[Floats, Floats]:
    """The quantiles of resamples (B, ...) that hold the share `confidence`; NaN where a resample has no answer."""
    low, high = np.quantile(resampled_B, [(1 - confidence) / 2, (1 + confidence) / 2], axis=0)
    return low, high


def _draws(scores_TSP: Floats, rng: np.random.Generator, resamples: int) -> Iterator[Whole]:
    """Seeds to take, (b, T, S), as many resamples at once as memory allows."""
    tasks, seeds, places = scores_TSP.shape
    at_once = max(1, AT_ONCE // max(1, tasks * seeds * places))
    for start in range(0, resamples, at_once):
        yield rng.integers(0, max(1, seeds), (min(at_once, resamples - start), tasks, seeds))


def _runs(scores: Floats) -> Floats:
    return scores.reshape(*scores.shape[:-2], -1)


def _task_means(scores_TR: Floats) -> Floats:
    return average(np.where(np.isfinite(scores_TR), scores_TR, np.nan))


def average(values: Floats) -> Floats:
    """The mean over the last axis without NaN; NaN where there is nothing else."""
    there = ~np.isnan(values)
    return _share(np.where(there, values, 0.0), there)


def _share(parts: Array, there: Truths) -> Floats:
    total, count = parts.sum(axis=-1, dtype=float), there.sum(axis=-1)
    return np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)
