"""Rotated parity: is an odd number of three hidden directions negative? The directions lie askew among ten features.

A tree cuts along the features and is worse when they are rotated; a network that mixes them is not (Grinsztajn et al.
2022, arXiv 2207.08815, finding 3). The rotation is the same for all examples of a seed.
"""

import numpy as np

from tasks.split import random_split, standardize
from tasks.task import Splits, Task

EXAMPLES, FEATURES, HIDDEN = 5000, 10, 3
MARGIN = 0.3  # no hidden direction is closer to zero, so that the answer is clear


def load(rng: np.random.Generator) -> Splits:
    hidden = rng.standard_normal((EXAMPLES, FEATURES))
    hidden[:, :HIDDEN] += MARGIN * np.sign(hidden[:, :HIDDEN])
    labels = (hidden[:, :HIDDEN] < 0).sum(1) % 2
    table = hidden @ rotation(rng)
    return standardize(random_split(table.astype(np.float32), labels.astype(np.int64), rng))


def rotation(rng: np.random.Generator) -> np.ndarray:
    """A random orthogonal matrix, (features, features)."""
    return np.linalg.qr(rng.standard_normal((FEATURES, FEATURES)))[0]


TASK = Task(
    data="tabular",
    shape=(FEATURES,),
    target="class",
    outputs=2,
    metric="accuracy",
    chance=0.5,
    source="drawn anew for every seed: 5,000 rows, the parity of three signs behind a random rotation",
    licence="none needed",
    load=load,
)
