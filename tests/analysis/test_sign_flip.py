"""The sign-flip test by counting, against scipy, and under no effect."""

from itertools import product

import numpy as np
import pytest
from scipy import stats

from suite.analysis.interval import intervals
from suite.analysis.sign_flip import sign_flip


def test_by_counting_all_signs() -> None:
    values = np.array([0.3, -0.1, 0.4, 0.2])
    means = [abs(np.dot(signs, values)) for signs in product((1, -1), repeat=4)]
    expected = np.mean([one >= abs(values.sum()) - 1e-12 for one in means])
    assert sign_flip(values[None]) == pytest.approx(expected)


def test_the_least_that_signs_can_say() -> None:
    """With five seeds never below 0.05, with six just so."""
    for n in range(1, 13):
        assert sign_flip(np.linspace(0.1, 0.2, n)[None]) == pytest.approx(2.0 ** (1 - n))
    assert np.isnan(sign_flip(np.ones((1, 13))))
    assert np.isnan(sign_flip(np.full((2, 2), np.nan)))


def test_it_is_scipys_permutation_test() -> None:
    values = np.random.default_rng(0).normal(0.3, 1, 9)
    expected = stats.permutation_test((values,), np.mean, permutation_type="samples", n_resamples=np.inf).pvalue
    assert sign_flip(values[None]) == pytest.approx(expected)


def test_tasks_count_alike_whatever_seeds_they_have() -> None:
    units = np.array([[0.5, np.nan, np.nan], [0.1, 0.3, -0.2]])
    parts = np.array([0.5, 0.1 / 3, 0.3 / 3, -0.2 / 3])
    assert sign_flip(units) == sign_flip(parts[None]) == 3 / 8


def test_many_at_once_are_each_alone_and_close_to_the_t_test() -> None:
    rng = np.random.default_rng(1)
    units = rng.normal(0.4, 1, (50, 2, 6))
    found = sign_flip(units)
    assert found.tolist() == [float(sign_flip(one)) for one in units]
    assert np.median(np.abs(found - intervals(units).p)) < 0.02


def test_under_no_effect_it_errs_as_often_as_it_says() -> None:
    units = np.random.default_rng(2).standard_t(3, (4000, 1, 8))
    assert (sign_flip(units) <= 0.05).mean() == pytest.approx(0.05, abs=0.011)
