"""Induction heads (Olsson et al. 2022; Gu and Dao 2023): what came after this token when it was there before?

A special token stands somewhere, and again at the end. Attention needs two layers, to bring a token to the place after
it and to look for it there; one layer is not enough. A selective or gated recurrence keeps one token; a linear
time-invariant layer weighs places by their distance, which says nothing here.
"""

import numpy as np

from tasks.probe import probe
from tasks.task import Splits, Task

SYMBOLS, LENGTH = 15, 24
SPECIAL = SYMBOLS


def draw(rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Random symbols, the special token once before the end and once at it."""
    inputs = rng.integers(0, SYMBOLS, (count, LENGTH))
    rows, special = np.arange(count), rng.integers(0, LENGTH - 2, count)
    inputs[rows, special] = inputs[:, -1] = SPECIAL
    targets = np.full((count, LENGTH), -1)
    targets[:, -1] = inputs[rows, special + 1]
    return inputs, targets


def load(rng: np.random.Generator) -> Splits:
    return probe(rng, draw)


TASK = Task(
    data="sequence",
    shape=(LENGTH,),
    vocabulary=SYMBOLS + 1,
    target="class",
    outputs=SYMBOLS,
    metric="accuracy",
    chance=1 / SYMBOLS,
    source="random symbols, made by this file",
    licence="none needed",
    load=load,
    per="place",
    causal=True,
)
