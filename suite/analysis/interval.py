"""Intervals: a mean over seeds with its t-interval, pooled over tasks; and Holm's correction.

Axes: T tasks, S seeds; `...` any number of comparisons done at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

Floats = NDArray[np.float64]

SAME = 1e-12  # numbers closer than this, relative to their size, differ by rounding only


@dataclass(frozen=True)
class Interval:
    """A mean, its confidence interval, and the two-sided p of the mean being 0; `n` numbers were averaged."""

    mean: float
    low: float
    high: float
    p: float
    n: int


@dataclass(frozen=True)
class Intervals:
    """Many intervals at once."""

    mean: Floats
    low: Floats
    high: Floats
    p: Floats
    n: NDArray[np.int64]
    error: Floats  # standard error of the mean
    freedom: Floats


def mean_interval(values: Sequence[float], confidence: float = 0.95) -> Interval:
    """The mean of independent numbers with Student's t-interval."""
    return pooled_interval([values], confidence)


def pooled_interval(groups: Sequence[Sequence[float]], confidence: float = 0.95) -> Interval:
    """The mean of the groups' means, each group sampled on its own."""
    longest = max((len(group) for group in groups), default=0)
    units_TS = np.full((len(groups), longest), np.nan)
    for place, group in enumerate(groups):
        units_TS[place, : len(group)] = group
    found = intervals(units_TS, confidence)
    return Interval(float(found.mean), float(found.low), float(found.high), float(found.p), int(found.n))


def intervals(units: Floats, confidence: float = 0.95) -> Intervals:
    """Means over the last two axes, (..., T, S): of the tasks' means, each over its seeds. NaN is not there.

    With v the squared standard error of a task's mean, SE^2 = sum(v) / T^2, and Satterthwaite's degrees
    of freedom are sum(v)^2 / sum(v^2 / (n - 1)). One seed in any task leaves the spread unknown: no
    interval, no p. Seeds that all agree exactly are answered by the sign-flip test instead.
    """
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must lie between 0 and 1; got {confidence}")
    n, mean, variance = moments(units)
    there = n > 0
    tasks = there.sum(axis=-1)
    v = _over(variance, n)
    total = np.where(there, v, 0.0).sum(axis=-1)  # NaN as soon as one task has one seed
    pooled = _over(np.where(there, mean, 0.0).sum(axis=-1), tasks)
    error = _over(np.sqrt(total), tasks)
    freedom = _over(total**2, np.where(n > 1, _over(v**2, n - 1), 0.0).sum(axis=-1))
    half = special.stdtrit(freedom, (1 + confidence) / 2) * error
    p = 2 * special.stdtr(freedom, -np.abs(_over(pooled, error)))
    flat = (total == 0) & (tasks > 0)
    half = np.where(flat, np.where(_sign_flip(n.sum(axis=-1)) < 1 - confidence, 0.0, np.nan), half)
    p = np.where(flat, _flat_p(n, mean, pooled), p)
    return Intervals(pooled, pooled - half, pooled + half, p, n.sum(axis=-1), error, freedom)


def over_groups(units: Floats, confidence: float = 0.95) -> Intervals:
    """Means over tasks as a sample of all tasks there could be, (..., T, S): a t-interval over the tasks' means."""
    _, mean, _ = moments(units)
    return intervals(mean[..., None, :], confidence)


def over_units(units: Floats, confidence: float = 0.95) -> Intervals:
    """Means over tasks whose units are the same folds or subjects, (..., T, S): a t-interval over the units' means.

    Units without a number in some task are left out, except from tasks that have no numbers at all.
    """
    return intervals(unit_means(units)[..., None, :], confidence)


def unit_means(units: Floats) -> Floats:
    """The mean of each unit over the tasks, (..., T, S) to (..., S); NaN where one of them lacks it."""
    there = np.asarray(np.isfinite(units))
    asked = np.any(there, axis=-1, keepdims=True)
    total = np.where(there, units, 0.0).sum(axis=-2)
    whole = np.all(there | ~asked, axis=-2) & np.any(asked, axis=-2)
    return np.where(whole, _over(total, asked.sum(axis=-2)), np.nan)


def inside(found: Intervals, margin: float | Floats) -> Floats:
    """The p of two one-sided tests (Schuirmann 1987): that means lie inside the margin, on both sides of 0."""
    below = special.stdtr(found.freedom, -_over(found.mean + margin, found.error))
    above = special.stdtr(found.freedom, _over(found.mean - margin, found.error))
    flat = np.where(np.abs(found.mean) < margin, 0.5**found.n, 1.0)  # no spread: all signs agree on either side
    p = np.where(found.error == 0, flat, np.maximum(below, above))
    return np.where(np.asarray(margin) > 0, p, np.nan)


def holm_levels(p_values: ArrayLike, alpha: float) -> Floats:
    """The level that Holm's correction holds each p of a family against, now that the others are what they are."""
    p = np.asarray(p_values, dtype=float)
    levels = np.full(p.shape, np.nan)
    tested = np.flatnonzero(np.isfinite(p))
    order = tested[np.argsort(p[tested], kind="stable")]
    levels[order] = alpha / np.arange(len(order), 0, -1)
    return levels


def moments(units: Floats) -> tuple[NDArray[np.int64], Floats, Floats]:
    """Count, mean and unbiased variance over the last axis, leaving NaN out; rounding is not variance."""
    there = np.isfinite(units)
    n = there.sum(axis=-1)
    mean = _over(np.where(there, units, 0.0).sum(axis=-1), n)
    away = np.where(there, units - mean[..., None], 0.0)
    size = np.maximum(1.0, np.abs(np.where(there, units, 0.0)).max(axis=-1, initial=0.0))
    away[np.abs(away).max(axis=-1, initial=0.0) <= SAME * size] = 0.0
    return n, mean, np.where(n > 1, _over((away**2).sum(axis=-1), n - 1), np.nan)


def holm(p_values: ArrayLike) -> Floats:
    """Holm's step-down correction over one family; NaN is no test and stays NaN."""
    p = np.asarray(p_values, dtype=float)
    adjusted = np.full(p.shape, np.nan)
    tested = np.flatnonzero(np.isfinite(p))
    order = tested[np.argsort(p[tested], kind="stable")]
    factors = np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(1.0, np.maximum.accumulate(factors * p[order]))
    return adjusted


def _flat_p(n: NDArray[np.int64], mean: Floats, pooled: Floats) -> Floats:
    moved = np.where((n > 0) & (np.abs(mean) > SAME), n, 0).sum(axis=-1)
    return np.where(np.abs(pooled) > SAME, _sign_flip(moved), 1.0)


def _sign_flip(n: NDArray[np.int64]) -> Floats:
    """The least p that n signs can give: all agree, two-sided."""
    return np.minimum(1.0, 2.0 ** (1.0 - n))


def _over(above: ArrayLike, below: ArrayLike) -> Floats:
    """Division that answers NaN where it divides by 0."""
    top, bottom = np.broadcast_arrays(np.asarray(above, dtype=float), np.asarray(below, dtype=float))
    return np.divide(top, bottom, out=np.full(top.shape, np.nan), where=bottom != 0)
