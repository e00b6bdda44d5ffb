"""Heterogeneity: whether an effect is another one on other tasks, beyond what seeds explain.

Cochran's Q and the I squared of Higgins and Thompson (2002) weigh tasks by the precision of their means, whose spread
is known from few seeds; so with three seeds Q is too large, and I squared leans upwards. The between-task standard
deviation is Hedges' unweighted one, which does not lean before it is cut off at 0.

Axes: T tasks, S seeds; `...` any number of comparisons done at once.
"""

from dataclasses import dataclass

import numpy as np

from suite.analysis.cube import Floats
from suite.analysis.interval import moments


@dataclass(frozen=True)
class Heterogeneity:
    """Q has T - 1 degrees of freedom; i2 is the share of the spread of tasks' means that seeds do not explain."""

    q: Floats
    i2: Floats
    between_sd: Floats


def heterogeneity(units: Floats) -> Heterogeneity:
    """Of paired differences (..., T, S). NaN with fewer than two tasks, or a task of fewer than two seeds."""
    n, mean, variance = moments(units)
    there = n > 0
    tasks = there.sum(axis=-1)
    v = np.where(there, variance / np.maximum(n, 1), 0.0)
    known = (tasks > 1) & np.isfinite(v).all(axis=-1)
    spread = known & np.all((v > 0) | ~there, axis=-1)
    weight = np.divide(1.0, v, out=np.zeros_like(v), where=there & spread[..., None])
    total = np.where(spread, weight.sum(axis=-1), 1.0)
    mean = np.where(there, mean, 0.0)
    away = mean - ((weight * mean).sum(axis=-1) / total)[..., None]
    q = np.where(spread, (weight * away**2).sum(axis=-1), np.nan)
    i2 = np.maximum(0.0, 1 - np.divide(tasks - 1, q, out=np.ones_like(q), where=q > 0))
    plain = np.where(there, mean - (mean.sum(axis=-1) / np.maximum(tasks, 1))[..., None], 0.0)
    between = (plain**2).sum(axis=-1) / np.maximum(tasks - 1, 1) - v.sum(axis=-1) / np.maximum(tasks, 1)
    sd = np.sqrt(np.maximum(0.0, np.where(known, between, 0.0)))
    return Heterogeneity(q, np.where(spread, i2, np.nan), np.where(known, sd, np.nan))
