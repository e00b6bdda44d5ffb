"""Is there more in the first half than in the second? Say here what is asked, and who published it.

A linear model can tell; change `draw` so that the answer is one that you do not know yet.
"""

import math

import numpy as np

from tasks.split import standardize, stratified_split
from tasks.task import Splits, Task

SHAPE = (8, 8, 1)  # of an example, features last
EXAMPLES = 2000
SHIFT = 0.3  # against noise of 1


def draw(rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Examples, (count, *SHAPE), and their answers, (count,)."""
    answers = rng.permutation(np.arange(count) % 2)
    halves = np.where(np.arange(math.prod(SHAPE)) < math.prod(SHAPE) / 2, SHIFT, -SHIFT).reshape(SHAPE)
    signs = (2 * answers - 1).reshape(-1, *(1 for _ in SHAPE))
    return (rng.standard_normal((count, *SHAPE)) + signs * halves).astype(np.float32), answers


def load(rng: np.random.Generator) -> Splits:
    """Everything random comes from `rng`, so that one seed always gives the same data."""
    return standardize(stratified_split(*draw(rng, EXAMPLES), rng))


TASK = Task(
    data="image",
    shape=SHAPE,
    target="class",
    outputs=2,
    metric="accuracy",
    chance=0.5,
    source="noise with a shift, drawn anew for every seed by this file",
    licence="none needed",
    load=load,
)
