"""Selective copying (Gu and Dao 2023): say again the symbols in their order, and leave the blanks out.

How far back a symbol stood depends on the blanks between, so a linear time-invariant model (S4D, LRU, a convolution)
must do it with the nonlinearities between its layers; one layer cannot. A selective or gated recurrence counts symbols.
"""

import numpy as np

from tasks.probe import probe, subsets
from tasks.task import Splits, Task

SYMBOLS, ITEMS, PLACES = 8, 6, 24
BLANK, GO = SYMBOLS, SYMBOLS + 1
LENGTH = PLACES + ITEMS


def draw(rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Symbols scattered among blanks, then GO for each of them."""
    items = rng.integers(0, SYMBOLS, (count, ITEMS))
    inputs = np.full((count, LENGTH), BLANK)
    np.put_along_axis(inputs, np.sort(subsets(rng, count, ITEMS, PLACES)), items, 1)
    inputs[:, -ITEMS:] = GO
    targets = np.full((count, LENGTH), -1)
    targets[:, -ITEMS:] = items
    return inputs, targets


def load(rng: np.random.Generator) -> Splits:
    return probe(rng, draw)


TASK = Task(
    data="sequence",
    shape=(LENGTH,),
    vocabulary=SYMBOLS + 2,
    target="class",
    outputs=SYMBOLS,
    metric="accuracy",
    chance=1 / SYMBOLS,
    source="random symbols among blanks, made by this file",
    licence="none needed",
    load=load,
    per="place",
    causal=True,
)
