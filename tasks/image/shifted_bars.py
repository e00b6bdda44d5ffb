"""Shifted bars: is the bar level or upright? It stands in one quarter of the image in train, and in another in test.

What a convolution learns in one place it knows in all places, because it is equivariant to translation (D.7.3).
A network with weights of its own for every pixel has never seen the pixels that matter in the test, and guesses.
"""

import numpy as np

from tasks.split import standardize
from tasks.task import Split, Splits, Task

SIDE, QUARTER, BAR = 16, 8, 5
NOISE = 0.2
EXAMPLES = {"train": 2000, "valid": 1000, "test": 1000}
CORNER = {"train": (0, 0), "valid": (0, QUARTER), "test": (QUARTER, 0)}


def _part(rng: np.random.Generator, name: str) -> Split:
    count = EXAMPLES[name]
    labels = rng.permutation(np.arange(count) % 2)
    along, across = rng.integers(0, QUARTER - BAR + 1, count), rng.integers(0, QUARTER, count)
    images = NOISE * rng.standard_normal((count, SIDE, SIDE))
    top, left = CORNER[name]
    for image, label, first, line in zip(images, labels, along, across, strict=True):
        quarter = image[top : top + QUARTER, left : left + QUARTER]
        (quarter.T if label else quarter)[line, first : first + BAR] += 1
    return Split(images[..., None].astype(np.float32), labels)


def load(rng: np.random.Generator) -> Splits:
    splits = Splits(*(_part(rng, name) for name in ("train", "valid", "test")))
    return standardize(splits, axes=(0, 1, 2, 3))


TASK = Task(
    data="image",
    shape=(SIDE, SIDE, 1),
    target="class",
    outputs=2,
    metric="accuracy",
    chance=0.5,
    source="drawn anew for every seed: a bar of 5 pixels in noise; train, valid and test in quarters of their own",
    licence="none needed",
    load=load,
)
