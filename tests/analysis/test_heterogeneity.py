"""Heterogeneity against a published meta-analysis, and by simulation."""

import numpy as np
import pytest

from suite.analysis.heterogeneity import heterogeneity


def two_seeds(means: list[float], errors: list[float]) -> np.ndarray:
    """Two seeds per task with these means and squared standard errors of the mean."""
    return np.array([[m - v**0.5, m + v**0.5] for m, v in zip(means, errors, strict=True)])


def test_a_published_meta_analysis() -> None:
    """BCG against tuberculosis (Colditz et al. 1994), log risk ratios: Q 152.23 with 12 degrees of freedom, I2 92.1%.

    The numbers are those of metafor's dat.bcg, with Hedges' estimate of tau squared 0.3286.
    """
    ratios = [-0.8893, -1.5854, -1.3481, -1.4416, -0.2175, -0.7861, -1.6209]
    ratios += [0.0120, -0.4694, -1.3713, -0.3394, 0.4459, -0.0173]
    errors = [0.3256, 0.1946, 0.4154, 0.0200, 0.0512, 0.0069, 0.2230, 0.0040, 0.0564, 0.0730, 0.0124, 0.5325, 0.0714]
    found = heterogeneity(two_seeds(ratios, errors))
    assert found.q == pytest.approx(152.23, rel=0.01)
    assert found.i2 == pytest.approx(0.9212, abs=0.001)
    assert found.between_sd**2 == pytest.approx(0.3286, rel=0.01)


def test_effects_that_are_one_on_every_task_show_none() -> None:
    rng = np.random.default_rng(0)
    found = heterogeneity(rng.normal(0.3, 1, (400, 8, 50)))
    assert found.q.mean() == pytest.approx(7.0, rel=0.1)
    assert np.median(found.i2) < 0.2
    assert np.median(found.between_sd) < 0.05


def test_the_spread_of_tasks_is_found() -> None:
    rng = np.random.default_rng(1)
    units = rng.normal(0, 0.5, (400, 8, 1)) + rng.normal(0, 1, (400, 8, 5))
    assert (heterogeneity(units).between_sd ** 2).mean() == pytest.approx(0.25, rel=0.15)


def test_what_is_unknown() -> None:
    for units in (np.ones((1, 4)), np.array([[0.1, 0.2], [0.3, np.nan]]), np.full((2, 2), np.nan)):
        found = heterogeneity(units)
        assert np.isnan([found.q, found.i2, found.between_sd]).all()
    flat = heterogeneity(np.array([[0.1, 0.1], [0.3, 0.3]]))
    assert np.isnan(flat.q)
    assert flat.between_sd == pytest.approx(np.std([0.1, 0.3], ddof=1))
