"""The sign-flip test: how often signs tossed at random give a mean as far from 0; exact, and without normality.

It is a check on the t-test where there are few numbers. Fisher (1935), The Design of Experiments, section 21.

Axes: T tasks, S seeds, K comparisons, R numbers of one, F ways to set their signs.
"""

import numpy as np

from suite.analysis.cube import Floats

MOST = 12  # numbers; of more, the t-test needs no check, and the ways to set signs are many
AT_ONCE = 4_000_000  # sums in memory
ROUNDING = 1e-9


def sign_flip(units: Floats) -> Floats:
    """The two-sided p of each mean over tasks of means over seeds (..., T, S); NaN for none, or more than 12."""
    there = np.isfinite(units)
    weight = there / np.maximum(there.sum(axis=-1, keepdims=True), 1)
    parts_KR = np.where(there, units * weight, np.nan).reshape(-1, units.shape[-2] * units.shape[-1])
    parts_KR = np.take_along_axis(parts_KR, np.argsort(np.isnan(parts_KR), axis=1, kind="stable"), axis=1)
    n_K = np.isfinite(parts_KR).sum(axis=1)
    found_K = np.full(len(parts_KR), np.nan)
    for n in range(1, min(MOST, parts_KR.shape[1]) + 1):
        which = np.flatnonzero(n_K == n)
        for some in np.array_split(which, max(1, len(which) * 2 ** (n - 1) // AT_ONCE)):
            found_K[some] = _p(parts_KR[some, :n])
    return found_K.reshape(units.shape[:-2])


def _p(parts_KR: Floats) -> Floats:
    """The first sign stays as it is: the other half of all ways mirrors these."""
    n = parts_KR.shape[1]
    signs_FR = 1 - 2 * ((np.arange(2 ** (n - 1))[:, None] >> np.arange(n)) & 1)
    sums_KF = np.abs(parts_KR @ signs_FR.T)
    edge_K1 = np.abs(parts_KR.sum(axis=1, keepdims=True)) * (1 - ROUNDING) - ROUNDING * np.abs(parts_KR).max(
        axis=1, keepdims=True
    )
    found: Floats = (sums_KF >= edge_K1).mean(axis=1)
    return found
