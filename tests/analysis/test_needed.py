"""Seeds needed: the textbook's numbers, and tests that find what they should as often as promised."""

import numpy as np
import pytest
from scipy import stats

from suite.analysis.interval import intervals
from suite.analysis.needed import MOST, column, said, seeds_needed, seeds_to_separate

# Cohen (1988), two-sided alpha 0.05, power 0.8: pairs for a standardised paired difference d_z.
COHEN = {0.2: 199, 0.3: 90, 0.5: 34, 0.75: 16, 0.8: 15, 1.0: 10, 1.5: 6, 2.0: 5, 3.0: 4}


def test_the_textbook_table() -> None:
    found = seeds_needed(np.array(list(COHEN)), 1.0)
    assert found.tolist() == list(COHEN.values())


def test_holm_over_ten_arms_needs_more() -> None:
    """Simulated with 400,000 samples each: five pairs find d_z 3.2 at alpha 0.005, ten find 1.5, twenty 0.92."""
    assert seeds_needed([3.2, 1.5, 0.92], 1.0, alpha=0.005).tolist() == [5, 10, 20]


def test_the_power_is_what_scipy_says() -> None:
    for effect in (0.4, 0.9, 1.7):
        n = int(seeds_needed(effect, 1.0))

        def power(n: int, effect: float = effect) -> float:
            edge = stats.t.isf(0.025, n - 1)
            return float(stats.nct.sf(edge, n - 1, effect * n**0.5) + stats.nct.cdf(-edge, n - 1, effect * n**0.5))

        assert power(n) >= 0.8 > power(n - 1)


def test_as_many_seeds_as_it_says_do_find_a_difference_over_tasks() -> None:
    """Simulated: four tasks of different spread, and the pooled test with the seeds that were asked for."""
    rng = np.random.default_rng(0)
    spread_T1 = np.array([0.5, 1.0, 1.5, 2.0])[:, None]
    total, squares = (spread_T1**2).sum(), (spread_T1**4).sum()
    n = int(seeds_needed(0.5, total / 16, total**2 / squares, 4))
    assert 3 < n < 40
    rates = [
        float((intervals(0.5 + spread_T1 * rng.standard_normal((4000, 4, seeds))).p < 0.05).mean())
        for seeds in (n, n - 2)
    ]
    assert rates[0] == pytest.approx(0.82, abs=0.04)
    assert rates[1] < rates[0]


def test_from_differences_as_from_their_moments() -> None:
    rng = np.random.default_rng(1)
    units_TS = 0.3 + rng.normal(0, [[0.5], [1.0]], (2, 6))
    variance_T = units_TS.var(axis=1, ddof=1)
    expected = seeds_needed(units_TS.mean(), variance_T.sum() / 4, variance_T.sum() ** 2 / (variance_T**2).sum(), 2)
    assert seeds_to_separate(units_TS) == expected
    many = np.stack([units_TS, 10 * units_TS, units_TS + 5])
    assert seeds_to_separate(many).tolist() == [expected, expected, seeds_to_separate(units_TS + 5)]


def test_a_task_that_is_not_there_does_not_count() -> None:
    units_TS = np.array([[0.1, 0.3, 0.2, 0.6], [np.nan] * 4])
    assert seeds_to_separate(units_TS) == seeds_to_separate(units_TS[:1])


def test_what_is_unknown_and_what_is_too_many() -> None:
    one_seed, alike = np.array([[0.1, np.nan]]), np.array([[0.1, -0.1, 0.2, -0.2]])
    assert np.isnan(seeds_to_separate(one_seed))
    assert np.isnan(seeds_to_separate(np.full((2, 3), np.nan)))
    assert seeds_to_separate(alike) == MOST + 1
    assert [said(one) for one in column(np.array([np.nan, MOST + 1, MOST, 4]))] == ["-", "> 200", "200", "4"]


def test_seeds_that_agree_exactly_are_counted_by_their_signs() -> None:
    """Six equal signs are the fewest with 2^(1 - n) below 0.05; two tasks need three seeds each."""
    same = np.full((1, 3), 0.1)
    assert seeds_to_separate(same) == 6
    assert intervals(np.full((1, 6), 0.1)).p < 0.05 <= intervals(np.full((1, 5), 0.1)).p
    assert seeds_to_separate(np.full((2, 3), 0.1)) == 3
    assert seeds_to_separate(np.zeros((1, 3))) == MOST + 1
