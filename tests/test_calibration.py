"""Calibration and conformal prediction on numbers that can be worked out by hand."""

import math

import numpy as np
import pytest

from suite.calibration import calibration_error, decide, prediction_sets, reliability, softmax, temperature, threshold


def test_softmax_is_stable_and_sums_to_one() -> None:
    found = softmax(np.array([[1000.0, 1000.0], [0.0, math.log(3)]]))
    np.testing.assert_allclose(found, [[0.5, 0.5], [0.25, 0.75]])


def test_reliability_and_error_by_hand() -> None:
    """Two examples at 0.9, one right; two at 0.6, both right."""
    probabilities = np.array([[0.9, 0.1], [0.9, 0.1], [0.6, 0.4], [0.4, 0.6]])
    table = reliability(probabilities, np.array([0, 1, 0, 1]), bins=4)
    assert table["count"].tolist() == [2, 2]
    assert table["low"].tolist() == [0.5, 0.75]
    np.testing.assert_allclose(table[["confidence", "accuracy"]], [[0.6, 1.0], [0.9, 0.5]])
    assert calibration_error(probabilities, np.array([0, 1, 0, 1]), bins=4) == pytest.approx(0.4)


def test_what_is_drawn_from_the_probabilities_is_calibrated() -> None:
    rng = np.random.default_rng(0)
    probabilities = softmax(rng.standard_normal((20_000, 3)))
    labels = (rng.random((20_000, 1)) > probabilities.cumsum(1)).sum(1)
    assert calibration_error(probabilities, labels) < 0.02
    assert calibration_error(softmax(np.log(probabilities), 0.3), labels) > 0.1


@pytest.mark.parametrize("true", [0.25, 1.0, 4.0])
def test_temperature_is_found_again(true: float) -> None:
    rng = np.random.default_rng(1)
    logits = 3 * rng.standard_normal((20_000, 4))
    labels = (rng.random((20_000, 1)) > softmax(logits, true).cumsum(1)).sum(1)
    assert temperature(logits, labels) == pytest.approx(true, rel=0.05)


def test_threshold_is_the_right_order_statistic() -> None:
    probabilities = np.column_stack([np.arange(1, 10) / 10, 1 - np.arange(1, 10) / 10])
    labels = np.zeros(9, np.int64)  # scores 0.9, 0.8, ..., 0.1
    assert threshold(probabilities, labels, 0.1) == pytest.approx(0.9), "rank 9 of 9"
    assert threshold(probabilities, labels, 0.5) == pytest.approx(0.5), "rank 5"
    assert threshold(probabilities, labels, 0.05) == math.inf, "rank 10 of 9: every class is in the set"
    assert prediction_sets(np.array([[0.7, 0.3]]), 0.5).tolist() == [[True, False]]
    assert prediction_sets(np.array([[0.7, 0.3]]), math.inf).all()


def test_costs_move_the_decision() -> None:
    probabilities = np.array([[0.9, 0.1], [0.3, 0.7]])
    assert decide(probabilities, 1 - np.eye(2)).tolist() == [0, 1], "equal costs: the likeliest class"
    costs = np.array([[0.0, 1.0], [20.0, 0.0]])  # missing class 1 costs twenty times as much
    assert decide(probabilities, costs).tolist() == [1, 1]
