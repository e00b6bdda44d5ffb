"""Parity, or XOR of many bits (sections 5.1 and 5.2.1): is the number of ones up to here odd?

Every bit matters, and no smaller set of bits says anything, so what adds up places or sees a window stays near chance,
and attention learns the first places only. A recurrence that is not linear (Elman, GRU, LSTM) needs two states, and
carries them as far as it likes; one that is linear in its state, with factors between 0 and 1, cannot flip it.
"""

import numpy as np

from tasks.probe import probe
from tasks.task import Splits, Task

LENGTH = 32
FIRST = 1  # the place that is asked first: a bit alone is its own parity


def draw(rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Random bits, and the parity of all so far. The early places are the way in to the late ones."""
    bits = rng.integers(0, 2, (count, LENGTH))
    targets = bits.cumsum(1) % 2
    targets[:, :FIRST] = -1
    return bits, targets


def load(rng: np.random.Generator) -> Splits:
    return probe(rng, draw)


TASK = Task(
    data="sequence",
    shape=(LENGTH,),
    vocabulary=2,
    target="class",
    outputs=2,
    metric="accuracy",
    chance=0.5,
    source="random bit strings, made by this file",
    licence="none needed",
    load=load,
    per="place",
    causal=True,
)
