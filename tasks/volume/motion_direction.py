"""Motion: does the dot go left or right? It says so only in how frames follow each other.

In each frame alone, and in all of them in any order, the dot is everywhere equally often, whichever way it goes: it
comes in again on the other side. So a model of single frames is at chance, and so is a linear one of the whole video.
"""

import numpy as np

from tasks.split import random_split, standardize
from tasks.task import Splits, Task

EXAMPLES, FRAMES, SIDE = 3000, 6, 8
NOISE = 0.2


def load(rng: np.random.Generator) -> Splits:
    labels = rng.integers(0, 2, EXAMPLES)
    row, start = rng.integers(0, SIDE, (2, EXAMPLES))
    column = (start[:, None] + np.where(labels == 1, 1, -1)[:, None] * np.arange(FRAMES)) % SIDE
    videos = NOISE * rng.standard_normal((EXAMPLES, FRAMES, SIDE, SIDE))
    videos[np.arange(EXAMPLES)[:, None], np.arange(FRAMES), row[:, None], column] += 1
    return standardize(random_split(videos[..., None].astype(np.float32), labels, rng), axes=(0, 1, 2, 3, 4))


TASK = Task(
    data="volume",
    shape=(FRAMES, SIDE, SIDE, 1),
    target="class",
    outputs=2,
    metric="accuracy",
    chance=0.5,
    source="drawn anew for every seed: 3,000 videos of a dot in noise that goes left or right, one pixel a frame",
    licence="none needed",
    load=load,
)
