"""The adding problem (Hochreiter and Schmidhuber 1997): add the two numbers that are marked, and no others.

A linear model explains two parts in `LENGTH` of the variance, and one that looks at the marks only nothing. The answer
needs the product of number and mark at each place, and then a memory, or a read-out that collects them. Whoever reads
out the last place alone has to carry a number for up to `LENGTH` places.
"""

import numpy as np

from tasks.probe import probe
from tasks.split import standardize, standardize_targets
from tasks.task import Splits, Task

LENGTH = 32


def draw(rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Numbers below 1 beside marks, one mark in each half."""
    numbers, marks = rng.random((count, LENGTH)), np.zeros((count, LENGTH))
    rows, half = np.arange(count), LENGTH // 2
    for start in (0, half):
        marks[rows, start + rng.integers(0, half, count)] = 1
    inputs = np.stack([numbers, marks], -1).astype(np.float32)
    return inputs, (numbers * marks).sum(1, keepdims=True).astype(np.float32)


def load(rng: np.random.Generator) -> Splits:
    return standardize_targets(standardize(probe(rng, draw), axes=(0, 1)))


TASK = Task(
    data="sequence",
    shape=(LENGTH, 2),
    target="value",
    outputs=1,
    metric="r2",
    chance=0.0,
    source="random numbers and marks, made by this file",
    licence="none needed",
    load=load,
)
