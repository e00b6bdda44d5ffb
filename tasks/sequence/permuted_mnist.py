"""Permuted sequential MNIST: the 784 pixels of a digit, one after the other, in an order without sense.

As sequence/sequential_mnist, but neighbours in the sequence were no neighbours in the picture (Le, Jaitly and Hinton
2015, arXiv 1504.00941). The order is one for all, and ours: each paper drew its own.
"""

import numpy as np

from tasks.image.mnist import TEST, TRAIN
from tasks.pictures import official
from tasks.sequence.sequential_mnist import BAI, PIXELS, in_order
from tasks.task import Reference, Splits, Task

ORDER = np.random.default_rng(7).permutation(PIXELS)


def load(rng: np.random.Generator) -> Splits:
    return in_order(official(TRAIN, TEST, rng), ORDER)


TASK = Task(
    data="sequence",
    shape=(PIXELS, 1),
    target="class",
    outputs=10,
    metric="accuracy",
    chance=0.114,
    source="MNIST from the hub, permuted pixels; a fifth of the official training set for validation, its test set",
    licence="CC BY-SA 3.0 as it is usually given",
    load=load,
    references=(
        Reference("TCN", 0.972, BAI, architecture="tcn"),
        Reference("GRU", 0.873, BAI, architecture="gru"),
        Reference("LSTM", 0.857, BAI, architecture="lstm"),
        Reference("Elman", 0.253, BAI, architecture="elman"),
    ),
    hub=TRAIN.name,
)
