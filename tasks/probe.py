"""Examples made by a rule: drawn until enough of them differ, and cut into train, valid and test."""

from collections.abc import Callable

import numpy as np

from tasks.task import Split, Splits

Draw = Callable[[np.random.Generator, int], tuple[np.ndarray, np.ndarray]]

TRAIN, VALID, TEST = 4000, 500, 1000


def probe(rng: np.random.Generator, draw: Draw) -> Splits:
    """Splits of examples that `draw` makes, so many at a time; none of them is there twice."""
    wanted = TRAIN + VALID + TEST
    inputs, targets = draw(rng, wanted)
    while len(first := _first_of_each(inputs)) < wanted:
        more_inputs, more_targets = draw(rng, wanted)
        inputs, targets = np.concatenate([inputs, more_inputs]), np.concatenate([targets, more_targets])
    parts = np.split(rng.permutation(first[:wanted]), [TRAIN, TRAIN + VALID])
    return Splits(*(Split(inputs[part], targets[part]) for part in parts))


def _first_of_each(inputs: np.ndarray) -> np.ndarray:
    """The rows that are not there before."""
    _, first = np.unique(inputs.reshape(len(inputs), -1), axis=0, return_index=True)
    return np.sort(first)


def subsets(rng: np.random.Generator, count: int, size: int, of: int) -> np.ndarray:
    """So many random choices of `size` different numbers below `of`, in random order; (count, size)."""
    return rng.permuted(np.tile(np.arange(of), (count, 1)), axis=1)[:, :size]
