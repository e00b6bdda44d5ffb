"""Sequential MNIST: a handwritten digit as its 784 pixels, one after the other, row by row.

The long-range test that Le, Jaitly and Hinton (2015), arXiv 1504.00941, made of image/mnist: what the first rows say
has to be known at the end.
"""

import numpy as np

from tasks.image.mnist import TEST, TRAIN
from tasks.pictures import official
from tasks.task import Reference, Split, Splits, Task

PIXELS = 28 * 28
BAI = "Bai, Kolter and Koltun 2018, arXiv 1803.01271, table 1, about 70,000 parameters"


def load(rng: np.random.Generator) -> Splits:
    return in_order(official(TRAIN, TEST, rng), np.arange(PIXELS))


def in_order(splits: Splits, order: np.ndarray) -> Splits:
    """Pictures, (examples, 28, 28, 1), as sequences of their pixels, (examples, 784, 1)."""

    def read(split: Split) -> Split:
        assert isinstance(split.inputs, np.ndarray)
        return Split(split.inputs.reshape(-1, PIXELS, 1)[:, order], split.targets)

    return Splits(read(splits.train), read(splits.valid), read(splits.test))


TASK = Task(
    data="sequence",
    shape=(PIXELS, 1),
    target="class",
    outputs=10,
    metric="accuracy",
    chance=0.114,
    source="MNIST from the hub, pixel by pixel; a fifth of the official training set for validation, its test set",
    licence="CC BY-SA 3.0 as it is usually given",
    load=load,
    references=(
        Reference("TCN", 0.990, BAI, architecture="tcn"),
        Reference("GRU", 0.962, BAI, architecture="gru"),
        Reference("LSTM", 0.872, BAI, architecture="lstm"),
        Reference("Elman", 0.215, BAI, architecture="elman"),
    ),
    hub=TRAIN.name,
)
