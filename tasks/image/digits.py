"""Handwritten digits, 8 x 8: the smallest real images, ten classes."""

import numpy as np

from tasks.split import random_split, standardize
from tasks.task import Reference, Splits, Task


def load(rng: np.random.Generator) -> Splits:
    from sklearn.datasets import load_digits

    images, labels = load_digits(return_X_y=True)
    inputs = images.reshape(-1, 8, 8, 1).astype(np.float32)
    return standardize(random_split(inputs, labels.astype(np.int64), rng), axes=(0, 1, 2, 3))


TASK = Task(
    data="image",
    shape=(8, 8, 1),
    target="class",
    outputs=10,
    metric="accuracy",
    chance=0.1,
    source="UCI optical recognition of handwritten digits (test part, 1,797 images), shipped inside scikit-learn",
    licence="CC BY 4.0",
    load=load,
    references=(
        Reference(
            "nearest neighbour",
            0.980,
            "description of the data set (Alpaydin and Kaynak 1998), learned from the 3,823 digits that are not here",
        ),
    ),
)
