"""Invariant X19: limits of softmax, accuracy under temperature, and the coverage of split conformal prediction."""

import numpy as np
import pytest

from suite.calibration import prediction_sets, softmax, temperature, threshold

SPLITS = 600


def drawn(count: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Logits of an overconfident network, and labels."""
    rng = np.random.default_rng(seed)
    logits = rng.standard_normal((count, 5))
    labels = (rng.random((count, 1)) > softmax(logits).cumsum(1)).sum(1)
    return 4 * logits, labels


def test_softmax_goes_to_the_largest_and_to_all_alike() -> None:
    logits, _ = drawn(50)
    np.testing.assert_allclose(softmax(logits, 1e-4), np.eye(5)[logits.argmax(1)], atol=1e-6)
    np.testing.assert_allclose(softmax(logits, 1e8), np.full((50, 5), 0.2), atol=1e-6)


def test_temperature_keeps_accuracy_and_lowers_the_loss() -> None:
    logits, labels = drawn(2000)
    best = temperature(logits, labels)
    assert best == pytest.approx(4, rel=0.1)
    before, after = softmax(logits), softmax(logits, best)
    np.testing.assert_array_equal(before.argmax(1), after.argmax(1))
    rows = np.arange(len(labels))
    assert -np.log(after[rows, labels]).mean() < -np.log(before[rows, labels]).mean()


@pytest.mark.parametrize(("held_out", "alpha"), [(99, 0.1), (50, 0.2), (19, 0.05)])
def test_coverage_of_random_splits(held_out: int, alpha: float) -> None:
    """Between 1 - alpha and 1 - alpha + 1 / (n + 1), up to what so many splits leave to chance."""
    logits, labels = drawn(SPLITS * (held_out + 50), seed=3)
    probabilities = softmax(logits).reshape(SPLITS, -1, 5)
    truths = labels.reshape(SPLITS, -1)
    covered = np.empty(SPLITS)
    for split, (p, y) in enumerate(zip(probabilities, truths, strict=True)):
        level = threshold(p[:held_out], y[:held_out], alpha)
        sets = prediction_sets(p[held_out:], level)
        covered[split] = sets[np.arange(len(sets)), y[held_out:]].mean()
    slack = 4 * covered.std() / np.sqrt(SPLITS)
    assert 1 - alpha - slack <= covered.mean() <= 1 - alpha + 1 / (held_out + 1) + slack


@pytest.mark.parametrize(("examples", "alpha"), [(10, 0.1), (21, 0.3), (100, 0.05)])
def test_each_example_in_turn_as_the_new_one(examples: int, alpha: float) -> None:
    """Exactly ceil(n (1 - alpha)) of n are covered by the other n - 1: the reason for the bounds, without chance."""
    logits, labels = drawn(examples, seed=5)
    probabilities = softmax(logits, 4.0)
    covered = 0
    for new in range(examples):
        rest = np.arange(examples) != new
        level = threshold(probabilities[rest], labels[rest], alpha)
        covered += int(prediction_sets(probabilities[[new]], level)[0, labels[new]])
    assert covered == np.ceil(examples * (1 - alpha) - 1e-9)
