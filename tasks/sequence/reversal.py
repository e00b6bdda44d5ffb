"""Reversal as translation (section 11.1.3): the sentence again, from its last symbol to its first.

The distance to the symbol asked for grows by two from place to place. Attention with positions learns it; a recurrence
has to keep the whole sentence; what sees a window gets the first symbols of the answer only.
"""

import numpy as np

from tasks.probe import probe
from tasks.task import Splits, Task
from tasks.translation import translation

SYMBOLS, ITEMS = 10, 10
MARK = SYMBOLS


def draw(rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
    source = rng.integers(0, SYMBOLS, (count, ITEMS))
    return translation(source, source[:, ::-1], MARK)


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
