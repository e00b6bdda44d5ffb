"""GunPoint: does the hand that is raised hold a gun, or point? (Ratanamahatana and Keogh 2004).

A curve is one coordinate of the hand in a video, at 150 moments: the horizontal one, says the archive.
Curves are normalized one by one, as published.
"""

import numpy as np

from tasks.series._ucr import LICENCE, load_ucr, members, published
from tasks.task import Splits, Task

FILES = members(
    "GunPoint",
    train="f842401779fd9800d247d8b33121a1a4643710a19b24917dbdd9a060ca8630d5",
    test="79332750788a6227b325b96bd0d70130c8eb707b9731f8d7dec62b7a7d36017e",
)


def load(rng: np.random.Generator) -> Splits:
    return load_ucr(FILES, rng)


TASK = Task(
    data="series",
    shape=(150, 1),
    target="class",
    outputs=2,
    metric="accuracy",
    chance=0.507,
    source="UCR archive, 50 curves to learn from and 150 others, in package aeon",
    licence=LICENCE,
    load=load,
    references=published(
        mlp=(0.928, 0.01),
        fcn=(1.0, 0.0),
        resnet=(0.991, 0.008),
        twiesn=(0.989, 0.004),
        nearest=0.9133,
    ),
    files=FILES,
)
