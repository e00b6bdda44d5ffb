"""Intervals against hand-made numbers, scipy, statsmodels, and the promise that they cover."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from scipy import stats
from statsmodels.stats.multitest import multipletests

from suite.analysis.interval import holm, intervals, mean_interval, pooled_interval

NUMBERS = some.lists(some.floats(-10, 10), min_size=2, max_size=8)


def test_a_t_interval_done_by_hand() -> None:
    found = mean_interval([1.0, 2.0, 3.0])  # sd 1, SE 1 / sqrt(3), t(2) at 97.5% is 4.302653
    assert found.mean == 2.0
    assert found.high - 2.0 == pytest.approx(4.302653 / math.sqrt(3), abs=1e-6)
    assert found.low + found.high == pytest.approx(4.0)
    assert found.p == pytest.approx(0.0741799, abs=1e-6)  # t = 3.4641
    assert found.n == 3


@given(NUMBERS, some.sampled_from([0.8, 0.95, 0.99]))
def test_one_group_is_scipys_one_sample_t_test(values: list[float], confidence: float) -> None:
    if np.ptp(values) < 1e-6:
        return
    theirs, ours = stats.ttest_1samp(values, 0.0), mean_interval(values, confidence)
    interval = theirs.confidence_interval(confidence)
    assert (ours.low, ours.high) == pytest.approx((interval.low, interval.high), rel=1e-6, abs=1e-9)
    assert ours.p == pytest.approx(theirs.pvalue, rel=1e-6, abs=1e-12)


def test_two_groups_are_half_of_welchs_test_of_the_one_against_the_negative_of_the_other() -> None:
    first, second = [1.0, 1.3, 0.9, 1.7], [-0.2, 0.4, 0.1]
    welch = stats.ttest_ind(first, [-value for value in second], equal_var=False)
    interval = welch.confidence_interval(0.95)
    found = pooled_interval([first, second])
    assert found.p == pytest.approx(welch.pvalue)
    assert (found.low, found.high) == pytest.approx((interval.low / 2, interval.high / 2))
    assert found.n == 7


def test_pooling_weighs_groups_and_not_numbers() -> None:
    assert pooled_interval([[0.0, 0.2] * 50, [1.0, 1.2]]).mean == pytest.approx(0.6)


def test_one_number_has_a_mean_and_nothing_else() -> None:
    found = mean_interval([0.3])
    assert (found.mean, found.n) == (0.3, 1)
    assert all(map(math.isnan, (found.low, found.high, found.p)))


def test_one_group_with_one_number_leaves_the_pooled_spread_unknown() -> None:
    found = pooled_interval([[0.3, 0.4, 0.5], [0.1]])
    assert found.mean == pytest.approx(0.25)
    assert all(map(math.isnan, (found.low, found.high, found.p)))


def test_no_number_at_all() -> None:
    for found in (mean_interval([]), pooled_interval([]), pooled_interval([[], []])):
        assert found.n == 0
        assert all(map(math.isnan, (found.mean, found.low, found.high, found.p)))


def test_an_empty_group_is_not_there() -> None:
    assert pooled_interval([[1.0, 2.0, 3.0], []]) == mean_interval([1.0, 2.0, 3.0])


@pytest.mark.parametrize("seeds", [2, 3, 5])
def test_few_seeds_that_agree_exactly_prove_nothing(seeds: int) -> None:
    """Accuracy comes in steps of one test example, so two or three equal differences are luck, not certainty."""
    found = mean_interval([0.1] * seeds)
    assert found.mean == pytest.approx(0.1)
    assert found.p == 2.0 ** (1 - seeds)
    assert math.isnan(found.low)
    assert math.isnan(found.high)


def test_from_six_seeds_on_exact_agreement_decides() -> None:
    found = mean_interval([0.1] * 6)
    assert found.p == 2.0**-5
    assert (found.low, found.high) == pytest.approx((0.1, 0.1))


def test_rounding_is_not_spread() -> None:
    assert mean_interval([0.1 + 0.2, 0.3, 0.7 - 0.4]).p == 0.25


def test_nothing_but_zeros_is_no_difference() -> None:
    found = mean_interval([0.0] * 6)
    assert (found.mean, found.low, found.high, found.p) == (0, 0, 0, 1)


def test_exact_agreement_on_several_tasks_counts_only_the_tasks_that_moved() -> None:
    found = pooled_interval([[0.3] * 3, [0.0] * 3, [0.0] * 3])
    assert found.mean == pytest.approx(0.1)
    assert found.p == 0.25


@pytest.mark.parametrize("confidence", [0.0, 1.0, 95.0])
def test_a_confidence_that_is_none_is_refused(confidence: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        mean_interval([1.0, 2.0], confidence)


@pytest.mark.parametrize("count", [1, 2, 5, 30])
def test_holm_is_statsmodels_holm(count: int) -> None:
    p_values = np.random.default_rng(count).uniform(size=count).round(2) ** 3  # some of them equal
    assert holm(p_values) == pytest.approx(multipletests(p_values, method="holm")[1])


def test_holm_by_hand_and_without_the_tests_that_were_not_made() -> None:
    assert holm([0.01, math.nan, 0.04, 0.03]) == pytest.approx([0.03, math.nan, 0.06, 0.06], nan_ok=True)
    assert holm([]).size == 0
    assert np.isnan(holm([math.nan])).all()


@pytest.mark.parametrize(
    ("spreads", "seeds"),
    [([1.0], 3), ([1.0, 1.0, 1.0], 3), ([1.0, 0.3, 0.1], 3), ([1.0, 0.5, 0.2], 5), ([1.0] * 8, 2)],
)
def test_a_95_percent_interval_covers_the_truth_95_times_in_100(spreads: list[float], seeds: int) -> None:
    """20,000 studies of tasks with different means and spreads. Equal spreads and few seeds err to the safe side."""
    rng = np.random.default_rng(0)
    truth = rng.normal(size=len(spreads))
    noise = rng.normal(size=(20_000, len(spreads), seeds)) * np.array(spreads)[:, None]
    found = intervals(truth[:, None] + noise)
    covered = np.mean((found.low <= truth.mean()) & (truth.mean() <= found.high))
    assert 0.94 <= covered <= 0.985
    false_alarms = np.mean(intervals(noise).p < 0.05)
    assert false_alarms <= 0.056
