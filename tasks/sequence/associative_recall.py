"""Associative recall (Graves et al. 2014; Ba et al. 2016): key, value, key, value, ..., and which value had this key?

The answer is one token after an equal one, wherever that is. Attention looks there, in two layers; a recurrence must
hold all pairs at once, because the question comes last. What knows the values only, and not whose they are, is right in
four cases of ten (it names the value that is there most often).
"""

import numpy as np

from tasks.probe import probe, subsets
from tasks.task import Splits, Task

KEYS, VALUES, PAIRS = 8, 8, 4
LENGTH = 2 * PAIRS + 1


def draw(rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Keys are tokens 0, 1, ..., values come after them. No key is there twice; values may be."""
    keys, values = subsets(rng, count, PAIRS, KEYS), rng.integers(0, VALUES, (count, PAIRS))
    rows, asked = np.arange(count), rng.integers(0, PAIRS, count)
    inputs = np.empty((count, LENGTH), np.int64)
    inputs[:, 0:-1:2], inputs[:, 1::2], inputs[:, -1] = keys, KEYS + values, keys[rows, asked]
    targets = np.full((count, LENGTH), -1)
    targets[:, -1] = values[rows, asked]
    return inputs, targets


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
