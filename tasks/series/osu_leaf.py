"""OSULeaf: which of six species has this leaf, whose outline is a curve of 427 numbers? (Gandhi 2002).

Published convolutional networks are far ahead of MLPs and of the nearest neighbour here.
Curves are normalized one by one, as published.
"""

import numpy as np

from tasks.series._ucr import LICENCE, load_ucr, members, published
from tasks.task import Splits, Task

FILES = members(
    "OSULeaf",
    train="86b9d6e860414ffd26cebc62fff84ffb37fa588ef3e5bf79e4094a437c36ddfc",
    test="6c549dd354f9e42d5985fa5fab75321ca9acefc7873457e71467fc8a31f107ce",
)


def load(rng: np.random.Generator) -> Splits:
    return load_ucr(FILES, rng)


TASK = Task(
    data="series",
    shape=(427, 1),
    target="class",
    outputs=6,
    metric="accuracy",
    chance=0.23,
    source="UCR archive, 200 leaves to learn from and 242 others, in package aeon",
    licence=LICENCE,
    load=load,
    references=published(
        mlp=(0.56, 0.005),
        fcn=(0.979, 0.005),
        resnet=(0.98, 0.006),
        twiesn=(0.628, 0.022),
        nearest=0.5207,
    ),
    files=FILES,
)
