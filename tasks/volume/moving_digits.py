"""Moving digits: a handwritten digit crosses a canvas; which of four ways does it go?

A video of real digits, in the manner of Moving MNIST (Srivastava et al. 2015, arXiv 1502.04681). The digit starts
anywhere and comes in again on the other side, so that no frame alone tells where it goes. A digit is in one part only.
"""

import numpy as np

from tasks.split import random_split, standardize
from tasks.task import Split, Splits, Task

FRAMES, SIDE, DIGIT = 6, 16, 8
VIDEOS = 2  # of each digit
WAYS = np.array([(-1, 0), (1, 0), (0, -1), (0, 1)])  # up, down, left, right
SLOWEST, FASTEST = 1, 2  # pixels a frame


def load(rng: np.random.Generator) -> Splits:
    from sklearn.datasets import load_digits

    images, labels = load_digits(return_X_y=True)
    apart = random_split(images.reshape(-1, DIGIT, DIGIT).astype(np.float32), labels, rng)
    splits = Splits(*(_moving(split, rng) for split in (apart.train, apart.valid, apart.test)))
    return standardize(splits, axes=(0, 1, 2, 3, 4))


def _moving(split: Split, rng: np.random.Generator) -> Split:
    """Every digit on two random ways."""
    assert isinstance(split.inputs, np.ndarray)
    digits = np.repeat(split.inputs, VIDEOS, axis=0)
    ways = rng.integers(0, len(WAYS), len(digits))
    return Split(_videos(digits, ways, rng), ways)


def _videos(digits: np.ndarray, ways: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Every digit (examples, 8, 8) on its way; (examples, frames, 16, 16, 1)."""
    count = len(digits)
    start, speed = rng.integers(0, SIDE, (count, 2)), rng.integers(SLOWEST, FASTEST + 1, count)
    steps = np.arange(FRAMES)[None, :, None] * (speed[:, None] * WAYS[ways])[:, None, :]
    corner = start[:, None] + steps
    rows, columns = (corner[..., axis, None] + np.arange(DIGIT) for axis in range(2))
    videos = np.zeros((count, FRAMES, SIDE, SIDE, 1), np.float32)
    example, frame = np.ogrid[:count, :FRAMES]
    at = (example[..., None, None], frame[..., None, None], rows[..., None] % SIDE, columns[..., None, :] % SIDE, 0)
    videos[at] = digits[:, None]
    return videos


TASK = Task(
    data="volume",
    shape=(FRAMES, SIDE, SIDE, 1),
    target="class",
    outputs=len(WAYS),
    metric="accuracy",
    chance=0.25,
    source="UCI handwritten digits, 1,797 of them, shipped inside scikit-learn, each moved over a canvas twice",
    licence="CC BY 4.0",
    load=load,
)
