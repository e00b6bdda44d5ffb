"""Fashion-MNIST: 70,000 pictures of clothes, 28 x 28, in ten classes, with the official test set.

Xiao, Rasul and Vollgraf (2017), arXiv 1708.07747. The content hashes were made from the authors' four files, as
Debian's package dataset-fashion-mnist has them; the hub's own copy was never seen here.
"""

import numpy as np

from tasks.hub import Part
from tasks.pictures import official
from tasks.task import Reference, Splits, Task

TRAIN = Part(
    "zalando-datasets/fashion_mnist",
    "train",
    ("image", "label"),
    60_000,
    content="4558bdd5c2c03a2242a3282593d1c0ceec52e54b410c4088f411b1c075c35673",
)
TEST = Part(
    "zalando-datasets/fashion_mnist",
    "test",
    ("image", "label"),
    10_000,
    content="88f9e91f620a4fdbb0e03142ec31ff5c2e6841f693b954135a4c46a09fd08604",
)


def load(rng: np.random.Generator) -> Splits:
    return official(TRAIN, TEST, rng)


TASK = Task(
    data="image",
    shape=(28, 28, 1),
    target="class",
    outputs=10,
    metric="accuracy",
    chance=0.1,
    source="Fashion-MNIST from the hub; a fifth of the official training set for validation, the official test set",
    licence="MIT",
    load=load,
    references=tuple(
        Reference(model, score, "README of the Fashion-MNIST repository")
        for model, score in (
            ("MLP 256-128-100", 0.8833),
            ("two convolutions, under 100,000 parameters", 0.925),
            ("three convolutions and batch norm", 0.921),
            ("GRU and SVM", 0.888),
            ("ResNet-18, augmented", 0.949),
            ("WRN-28-10, augmented", 0.959),
            ("XGBoost", 0.898),
        )
    ),
    hub=TRAIN.name,
)
