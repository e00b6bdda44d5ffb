"""Cutting a dataset into train, valid and test, and scaling it by what was learned on train."""

import numpy as np

from tasks.task import Split, Splits


def random_split(
    inputs: np.ndarray, targets: np.ndarray, rng: np.random.Generator, *, valid: float = 0.2, test: float = 0.2
) -> Splits:
    """Three disjoint random parts that together are everything; `valid` and `test` are shares of the whole."""
    order = rng.permutation(len(inputs))
    tests, valids = round(test * len(inputs)), round(valid * len(inputs))
    return Splits(
        train=_take(inputs, targets, order[tests + valids :]),
        valid=_take(inputs, targets, order[tests : tests + valids]),
        test=_take(inputs, targets, order[:tests]),
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


def standardize(splits: Splits, *, axes: tuple[int, ...] = (0,)) -> Splits:
    """Zero mean and unit variance of the inputs over `axes`, measured on train and applied to all three."""
    mean = splits.train.inputs.mean(axes, keepdims=True)
    scale = splits.train.inputs.std(axes, keepdims=True)
    scale[scale == 0] = 1.0  # a constant feature carries nothing; keep it at zero instead of at NaN

    def scaled(split: Split) -> Split:
        return Split(((split.inputs - mean) / scale).astype(np.float32), split.targets)

    return Splits(scaled(splits.train), scaled(splits.valid), scaled(splits.test))


def standardize_targets(splits: Splits) -> Splits:
    """Zero mean and unit variance of the target values, measured on train; R² does not notice."""
    mean, scale = splits.train.targets.mean(0), splits.train.targets.std(0)

    def scaled(split: Split) -> Split:
        return Split(split.inputs, ((split.targets - mean) / scale).astype(np.float32))

    return Splits(scaled(splits.train), scaled(splits.valid), scaled(splits.test))


def _take(inputs: np.ndarray, targets: np.ndarray, rows: np.ndarray) -> Split:
    return Split(inputs[rows], targets[rows])
