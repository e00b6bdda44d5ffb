"""CIFAR-10: small colour photographs of ten kinds of things; a random 10,000 of them to learn from.

Krizhevsky (2009), Learning Multiple Layers of Features from Tiny Images. All 50,000 would take 0.7 GB of memory, so
each seed draws its own 10,000, of which 2,000 are for validation. The test set is the official one. The published
scores are of networks that learned from all 50,000, with flips and shifts, and are out of reach here.

No lossless copy was at hand to make content hashes from, so that the first fetch is trusted.
"""

import numpy as np

from tasks.hub import Part
from tasks.pictures import official
from tasks.task import Reference, Splits, Task

TRAIN = Part("uoft-cs/cifar10", "train", ("img", "label"), 50_000, "plain_text")
TEST = Part("uoft-cs/cifar10", "test", ("img", "label"), 10_000, "plain_text")
KEEP = 10_000
HE = "He et al. 2016, arXiv 1512.03385, table 6, all 50,000 to learn from, augmented"


def load(rng: np.random.Generator) -> Splits:
    return official(TRAIN, TEST, rng, keep=KEEP)


TASK = Task(
    data="image",
    shape=(32, 32, 3),
    target="class",
    outputs=10,
    metric="accuracy",
    chance=0.1,
    source="CIFAR-10 from the hub; 8,000 of the official training set to learn from, the official test set",
    licence="none stated, for research",
    load=load,
    references=(
        Reference("ResNet-20", 0.9125, HE),
        Reference("ResNet-56", 0.9303, HE),
        Reference("ResNet-110", 0.9357, HE),
    ),
    hub=TRAIN.name,
)
