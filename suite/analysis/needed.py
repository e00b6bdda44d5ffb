"""Seeds needed: how many would probably be enough to tell two apart, if they differ by what they seem to differ by now.

The power of a paired t-test (noncentral t). A difference that was measured on few seeds is itself uncertain, and so
is the number; it says whether five more seeds or five hundred are worth a thought.

Axes: T tasks, S seeds; `...` any number of comparisons done at once.
"""

from typing import cast

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import special

from suite.analysis.cube import Floats, Whole
from suite.analysis.interval import moments

MOST = 200  # more is said as "> 200", and is MOST + 1 as a number
POWER = 0.8
FEWEST = 2


def seeds_to_separate(differences: Floats, alpha: ArrayLike = 0.05, *, power: float = POWER) -> Floats:
    """Seeds per task so that the mean of paired differences (..., T, S) would differ from 0; (...).

    `alpha` is two-sided. Every task counts alike, and each is thought to keep its present spread. MOST + 1 stands for
    more than MOST, NaN for unknown: a task with fewer than two seeds has no spread.
    """
    n, mean, variance = moments(differences)
    there = n > 0
    tasks = np.maximum(there.sum(axis=-1), 1)
    known = np.all((n > 1) | ~there, axis=-1) & there.any(axis=-1)
    mean = np.where(known, np.where(there, mean, 0.0).sum(axis=-1) / tasks, np.nan)
    variance = np.where(there, variance, 0.0)
    total, squares = variance.sum(axis=-1), (variance**2).sum(axis=-1)
    freedom = np.divide(total**2, squares, out=np.ones_like(total), where=squares > 0)
    return seeds_needed(mean, total / tasks**2, freedom, tasks, alpha, power=power)


def seeds_needed(
    mean: ArrayLike,
    variance: ArrayLike,
    freedom: ArrayLike = 1.0,
    tasks: ArrayLike = 1,
    alpha: ArrayLike = 0.05,
    *,
    power: float = POWER,
) -> Floats:
    """The same from a mean whose squared error with n seeds is variance / n, with freedom * (n - 1) degrees of freedom.

    Without variance the sign-flip test is asked, in which all `tasks` times n differences have the same sign.
    """
    mean, variance, freedom, tasks, alpha = np.broadcast_arrays(
        np.abs(np.asarray(mean, dtype=float)), variance, freedom, tasks, np.asarray(alpha, dtype=float)
    )
    low, high = np.full(mean.shape, FEWEST), np.full(mean.shape, MOST + 1)
    while np.any(low < high):
        middle = (low + high) // 2
        enough = _power(middle, mean, variance, freedom, alpha) >= power
        low, high = np.where(enough, low, np.minimum(middle + 1, high)), np.where(enough, middle, high)
    flat = np.where(mean > 0, np.floor((1 - np.log2(alpha)) / tasks) + 1, MOST + 1)  # 2^(1 - tasks n) < alpha
    found = np.where(variance > 0, low, np.clip(flat, FEWEST, MOST + 1))
    return np.where(np.isfinite(mean) & np.isfinite(variance), found, np.nan)


def column(needed: Floats) -> pd.Series:
    """Seeds needed as a column of whole numbers."""
    return pd.Series(needed).astype("Int64")


def said(needed: object) -> str:
    """ "12", "> 200", or "-" where it is unknown or nothing is needed."""
    if needed is None or needed is pd.NA or needed != needed:
        return "-"
    number = int(cast(float, needed))
    return f"> {MOST}" if number > MOST else str(number)


def _power(seeds: Whole, mean: Floats, variance: Floats, freedom: Floats, alpha: Floats) -> Floats:
    """How often a two-sided t-test with so many seeds finds the difference."""
    error = np.sqrt(np.where(variance > 0, variance, np.nan) / seeds)
    degrees = freedom * (seeds - 1)
    edge = special.stdtrit(degrees, 1 - alpha / 2)
    # scipy answers NaN for some tails that are too thin for it
    missed, wrong = (np.nan_to_num(special.nctdtr(degrees, mean / error, side)) for side in (edge, -edge))
    return np.where(mean > 0, 1 - missed + wrong, 0.0)
