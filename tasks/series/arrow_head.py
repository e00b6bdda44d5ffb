"""ArrowHead: Avonlea, Clovis or Mix? The outline of an arrow head as a curve of 251 numbers (Ye and Keogh 2009).

Curves are normalized one by one, as published.
"""

import numpy as np

from tasks.series._ucr import LICENCE, load_ucr, members, published
from tasks.task import Splits, Task

FILES = members(
    "ArrowHead",
    train="a83c470aaf611a5f5284377cce27a5fc9f6292bc3d110257b0fd4905ced5ee72",
    test="5417dab42626d41df5e435bb22458c2df40dfad4bcd3b59559bbe72e20e84904",
)


def load(rng: np.random.Generator) -> Splits:
    return load_ucr(FILES, rng)


TASK = Task(
    data="series",
    shape=(251, 1),
    target="class",
    outputs=3,
    metric="accuracy",
    chance=0.394,
    source="UCR archive, 36 outlines to learn from and 175 others, in package aeon",
    licence=LICENCE,
    load=load,
    references=published(
        mlp=(0.784, 0.016),
        fcn=(0.843, 0.013),
        resnet=(0.838, 0.024),
        twiesn=(0.689, 0.085),
        nearest=0.8,
    ),
    files=FILES,
)
