"""Copying (Hochreiter and Schmidhuber 1997; Arjovsky et al. 2016): say again, after a pause, what came first.

What is asked for is always the same number of places back, so a linear time-invariant model can do it, and so can
attention that knows positions. A model that sees less far back than that stays at chance.
"""

import numpy as np

from tasks.probe import probe
from tasks.task import Splits, Task

SYMBOLS, ITEMS, PAUSE = 8, 8, 12
BLANK, GO = SYMBOLS, SYMBOLS + 1
LENGTH = ITEMS + PAUSE + ITEMS


def draw(rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Symbols, blanks, and as many times GO: at each of these the symbol is asked that stood as far from the start."""
    items = rng.integers(0, SYMBOLS, (count, ITEMS))
    inputs = np.full((count, LENGTH), BLANK)
    inputs[:, :ITEMS], inputs[:, -ITEMS:] = items, GO
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
    source="random symbols, made by this file",
    licence="none needed",
    load=load,
    per="place",
    causal=True,
)
