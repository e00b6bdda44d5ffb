"""Permuted digits: handwritten digits with their pixels in another order, the same for all of them.

Nothing is lost, but neighbours mean nothing any more: what an architecture gains on image/digits by locality and weight
sharing (section 7.1), it cannot gain here.
"""

import numpy as np

from tasks.split import random_split, standardize
from tasks.task import Splits, Task

SIDE = 8
ORDER = np.random.default_rng(7).permutation(SIDE * SIDE)


def load(rng: np.random.Generator) -> Splits:
    from sklearn.datasets import load_digits

    images, labels = load_digits(return_X_y=True)
    inputs = images[:, ORDER].reshape(-1, SIDE, SIDE, 1).astype(np.float32)
    return standardize(random_split(inputs, labels.astype(np.int64), rng), axes=(0, 1, 2, 3))


TASK = Task(
    data="image",
    shape=(SIDE, SIDE, 1),
    target="class",
    outputs=10,
    metric="accuracy",
    chance=0.1,
    source="UCI optical recognition of handwritten digits (test part), shipped inside scikit-learn, pixels permuted",
    licence="CC BY 4.0",
    load=load,
)
