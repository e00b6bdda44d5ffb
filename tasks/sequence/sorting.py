"""Sorting as translation (section 11.1.3): the symbols of the sentence in their order.

Where a symbol stood does not matter, how often it was there does, so attention needs no positions: it needs to count.
What sees only the answer so far knows that the next symbol is no smaller, and stays far from the end.
"""

import numpy as np

from tasks.probe import probe
from tasks.task import Splits, Task
from tasks.translation import translation

SYMBOLS, ITEMS = 10, 10
MARK = SYMBOLS


def draw(rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
    source = rng.integers(0, SYMBOLS, (count, ITEMS))
    return translation(source, np.sort(source, 1), MARK)


def load(rng: np.random.Generator) -> Splits:
    return probe(rng, draw)


TASK = Task(
    data="sequence",
    shape=(2 * ITEMS,),
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
    prefix=ITEMS,
)
