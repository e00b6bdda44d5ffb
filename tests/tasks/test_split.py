"""Cutting and scaling: disjoint, complete, and nothing learned from valid or test."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from tasks.split import hold_out, random_split, standardize, standardize_targets
from tasks.task import Split, Splits


def numbered(count: int, first: int = 0) -> Split:
    """Examples that carry their own number, so that they can be found again."""
    numbers = np.arange(first, first + count)
    return Split(numbers[:, None].astype(np.float32), numbers)


@given(count=some.integers(5, 200), seed=some.integers(0, 9))
def test_a_random_split_deals_out_every_example_once(count: int, seed: int) -> None:
    whole = numbered(count)
    splits = random_split(whole.inputs, whole.targets, np.random.default_rng(seed), valid=0.3, test=0.1)
    dealt = np.concatenate([splits.train.targets, splits.valid.targets, splits.test.targets])
    assert sorted(dealt) == list(range(count))
    assert (len(splits.valid), len(splits.test)) == (round(0.3 * count), round(0.1 * count))
    for split in (splits.train, splits.valid, splits.test):
        assert (split.inputs[:, 0] == split.targets).all(), "answers stay with their examples"


def test_an_official_test_set_is_left_alone() -> None:
    splits = hold_out(numbered(100), numbered(20, first=100), np.random.default_rng(0))
    assert list(splits.test.targets) == list(range(100, 120))
    assert sorted([*splits.train.targets, *splits.valid.targets]) == list(range(100))
    assert len(splits.valid) == 20


def random_splits() -> Splits:
    rng = np.random.default_rng(0)
    parts = [
        Split(rng.normal(3, 5, (50, 4)).astype(np.float32), rng.normal(-7, 2, (50, 1)).astype(np.float32))
        for _ in range(3)
    ]
    return Splits(*parts)


def test_scaling_learns_from_train_only() -> None:
    splits = random_splits()
    other = Splits(splits.train, splits.valid, Split(splits.test.inputs * 100 + 1, splits.test.targets * 100 + 1))
    for scale in (standardize, standardize_targets):
        once, again = scale(splits), scale(other)
        assert (once.train.inputs == again.train.inputs).all()
        assert (once.valid.inputs == again.valid.inputs).all()
        assert (once.train.targets == again.train.targets).all()


def test_scaling_is_the_same_map_for_all_three() -> None:
    splits = random_splits()
    scaled = standardize(splits)
    mean, sd = splits.train.inputs.mean(0), splits.train.inputs.std(0)
    for before, after in ((splits.train, scaled.train), (splits.valid, scaled.valid), (splits.test, scaled.test)):
        np.testing.assert_allclose(after.inputs * sd + mean, before.inputs, rtol=1e-5, atol=1e-5)
        assert after.inputs.dtype == np.float32
        assert (after.targets == before.targets).all()


@pytest.mark.parametrize("value", [0.0, 3.0, 0.1, 1e8])
def test_a_constant_feature_becomes_zero(value: float) -> None:
    train = Split(np.full((7, 1), value, np.float32), np.zeros(7, np.int64))
    scaled = standardize(Splits(train, train, train))
    assert np.abs(scaled.test.inputs).max() < 1e-12


def test_constant_targets_do_not_become_nan() -> None:
    train = Split(np.zeros((7, 1), np.float32), np.full((7, 1), 0.1, np.float32))
    assert np.abs(standardize_targets(Splits(train, train, train)).test.targets).max() < 1e-12
