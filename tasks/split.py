"""Cutting a dataset into train, valid and test, and scaling it by what was learned on train."""

from collections.abc import Callable

import numpy as np

from tasks.task import Inputs, Split, Splits


def random_split(
    inputs: Inputs, targets: np.ndarray, rng: np.random.Generator, *, valid: float = 0.2, test: float = 0.2
) -> Splits:
    """Three disjoint random parts that together are everything; `valid` and `test` are shares of the whole."""
    order = rng.permutation(len(inputs))
    tests, valids = round(test * len(inputs)), round(valid * len(inputs))
    return Splits(
        train=_take(inputs, targets, order[tests + valids :]),
        valid=_take(inputs, targets, order[tests : tests + valids]),
        test=_take(inputs, targets, order[:tests]),
    )


def stratified_split(
    inputs: Inputs, labels: np.ndarray, rng: np.random.Generator, *, valid: float = 0.2, test: float = 0.2
) -> Splits:
    """Three disjoint random parts, with the same share of every class in each."""
    order = rng.permutation(len(inputs))
    place = np.empty(len(inputs))  # where an example stands among those of its class, from 0 to 1
    for label in np.unique(labels):
        same = np.flatnonzero(labels[order] == label)
        place[same] = (np.arange(len(same)) + 0.5) / len(same)
    return Splits(
        train=_take(inputs, labels, order[place >= test + valid]),
        valid=_take(inputs, labels, order[(place >= test) & (place < test + valid)]),
        test=_take(inputs, labels, order[place < test]),
    )


def hold_out(train: Split, test: Split, rng: np.random.Generator, *, valid: float = 0.2) -> Splits:
    """Keep an official test set as it is and take a random `valid` share of the official training set."""
    order = rng.permutation(len(train))
    valids = round(valid * len(train))
    return Splits(
        train=_take(train.inputs, train.targets, order[valids:]),
        valid=_take(train.inputs, train.targets, order[:valids]),
        test=test,
    )


def standardize(splits: Splits, *, axes: tuple[int, ...] = (0,), categories: tuple[int, ...] = ()) -> Splits:
    """Zero mean and unit variance of the inputs over `axes`, measured on train and applied to all three.

    Columns that have `categories` (see Task) keep their codes.
    """
    mean, scale = _mean_and_scale(_numbers(splits.train), axes)
    if categories:
        coded = np.array(categories) > 0
        mean, scale = np.where(coded, 0.0, mean), np.where(coded, 1.0, scale)
    return _mapped(splits, lambda split: Split(_scaled(_numbers(split), mean, scale), split.targets))


def standardize_targets(splits: Splits) -> Splits:
    """Zero mean and unit variance of the target values, measured on train; R² does not notice."""
    mean, scale = _mean_and_scale(splits.train.targets, (0,))
    return _mapped(splits, lambda split: Split(split.inputs, _scaled(split.targets, mean, scale)))


def _mean_and_scale(values: np.ndarray, axes: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """In double precision; a constant keeps the scale 1, because it carries nothing but rounding errors."""
    mean = values.mean(axes, dtype=np.float64, keepdims=True)
    scale = values.std(axes, dtype=np.float64, keepdims=True)
    constant = values.max(axes, keepdims=True) == values.min(axes, keepdims=True)
    return mean, np.where(constant, 1.0, scale)


def _scaled(values: np.ndarray, mean: np.ndarray, scale: np.ndarray) -> np.ndarray:
    return ((values - mean) / scale).astype(np.float32)


def _numbers(split: Split) -> np.ndarray:
    assert isinstance(split.inputs, np.ndarray), "only arrays of numbers can be standardized"
    return split.inputs


def _mapped(splits: Splits, change: Callable[[Split], Split]) -> Splits:
    return Splits(change(splits.train), change(splits.valid), change(splits.test))


def _take(inputs: Inputs, targets: np.ndarray, rows: np.ndarray) -> Split:
    return Split(inputs[rows], targets[rows])
