"""Textures: a wave across the image, of any phase and contrast; which of four ways does it go?

Every pixel is as often bright as dark in each of the four classes, and so is every weighted sum of pixels: a linear
model is at chance. A small filter, a nonlinearity and a mean over the image are enough.
"""

import numpy as np

from tasks.split import random_split, standardize
from tasks.task import Splits, Task

EXAMPLES, SIDE, PERIOD = 3000, 16, 4
NOISE = 0.5
WAVES = np.array([(0, 1), (1, 0), (1, 1), (1, -1)])  # how often each texture repeats downwards and to the right


def load(rng: np.random.Generator) -> Splits:
    labels = rng.integers(0, len(WAVES), EXAMPLES)
    phase, contrast = rng.uniform(0, 2 * np.pi, EXAMPLES), rng.uniform(0.5, 1.5, EXAMPLES)
    down, right = np.mgrid[:SIDE, :SIDE] * (2 * np.pi / PERIOD)
    angle = WAVES[labels] @ np.stack([down.ravel(), right.ravel()]) + phase[:, None]
    images = contrast[:, None] * np.sin(angle) + NOISE * rng.standard_normal(angle.shape)
    inputs = images.reshape(-1, SIDE, SIDE, 1).astype(np.float32)
    return standardize(random_split(inputs, labels, rng), axes=(0, 1, 2, 3))


TASK = Task(
    data="image",
    shape=(SIDE, SIDE, 1),
    target="class",
    outputs=len(WAVES),
    metric="accuracy",
    chance=0.25,
    source="drawn anew for every seed: 3,000 plane waves in four directions, of random phase and contrast, in noise",
    licence="none needed",
    load=load,
)
