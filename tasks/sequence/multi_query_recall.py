"""Multi-query associative recall, small (Arora et al. 2023, Zoology): every key is asked again, later, among noise.

A state of fixed size must hold all pairs until each is asked, so what a recurrence can recall is bounded by its width;
attention looks back instead, once it has learned to pair a value with the token before it.
"""

import numpy as np

from tasks.probe import probe, subsets
from tasks.task import Splits, Task

KEYS, VALUES, PAIRS, LENGTH = 32, 32, 6, 48
GAPS = (LENGTH - 2 * PAIRS) // 2  # questions stand an even number of places after the pairs
POWER = 0.01  # the chance of a gap g is proportional to g ** (POWER - 1), as published: most are asked soon


def draw(rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of key and value, then noise with every key in it once more; there its value is asked."""
    keys, values = subsets(rng, count, PAIRS, KEYS), rng.integers(0, VALUES, (count, PAIRS))
    inputs = rng.integers(0, KEYS + VALUES, (count, LENGTH))
    inputs[:, 0 : 2 * PAIRS : 2], inputs[:, 1 : 2 * PAIRS : 2] = keys, KEYS + values
    asked = 2 * PAIRS + 2 * _gaps(rng, count)
    targets = np.full((count, LENGTH), -1)
    np.put_along_axis(inputs, asked, keys, 1)
    np.put_along_axis(targets, asked, values, 1)
    return inputs, targets


def _gaps(rng: np.random.Generator, count: int) -> np.ndarray:
    """Different gaps, with odds by the power law: the first to come if each comes at its own rate; (count, PAIRS)."""
    rates = np.arange(1, GAPS + 1) ** (POWER - 1)
    return np.argsort(rng.exponential(size=(count, GAPS)) / rates, axis=1)[:, :PAIRS]


def load(rng: np.random.Generator) -> Splits:
    return probe(rng, draw)


TASK = Task(
    data="sequence",
    shape=(LENGTH,),
    vocabulary=KEYS + VALUES,
    target="class",
    outputs=VALUES,
    metric="accuracy",
    chance=1 / VALUES,
    source="random pairs of keys and values, made by this file",
    licence="none needed",
    load=load,
    per="place",
    causal=True,
)
