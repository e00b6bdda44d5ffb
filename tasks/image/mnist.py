"""MNIST: 70,000 handwritten digits, 28 x 28, with the official test set.

LeCun, Bottou, Bengio and Haffner (1998), Gradient-Based Learning Applied to Document Recognition. The content hashes
were made from the four published files (MD5 6bbc9ace, a25bea73, 2646ac64, 27ae3e4e when unpacked), with the pixels that
a copy on the hub must have; the hub's own copy was never seen here.
"""

import numpy as np

from tasks.hub import Part
from tasks.pictures import official
from tasks.task import Reference, Splits, Task

TRAIN = Part(
    "ylecun/mnist",
    "train",
    ("image", "label"),
    60_000,
    content="538139f626293b55217f7ff9919ca336f9d403b904e8f2045a0d2dbc848faa9a",
)
TEST = Part(
    "ylecun/mnist",
    "test",
    ("image", "label"),
    10_000,
    content="4547d9b6947057fd714b4bbbf875e2425721e03dbcb0a6bd7414a801bd29c822",
)


def load(rng: np.random.Generator) -> Splits:
    return official(TRAIN, TEST, rng)


TASK = Task(
    data="image",
    shape=(28, 28, 1),
    target="class",
    outputs=10,
    metric="accuracy",
    chance=0.114,
    source="MNIST from the hub; a fifth of the official training set for validation, the official test set",
    licence="CC BY-SA 3.0 as it is usually given",
    load=load,
    references=tuple(
        Reference(model, score, "README of the Fashion-MNIST repository, column MNIST")
        for model, score in (
            ("two convolutions, under 100,000 parameters", 0.992),
            ("two convolutions, about 113,000 parameters", 0.993),
            ("XGBoost", 0.958),
        )
    ),
    hub=TRAIN.name,
)
