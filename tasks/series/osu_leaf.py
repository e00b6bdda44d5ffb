"""OSULeaf: which of six species has this leaf, whose outline is a curve of 427 distances? (Gandhi 2002).

What marks a species can be anywhere on the outline, so what is the same at every place is far ahead of what is not.
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
    references=published(mlp=0.56, fcn=0.979, resnet=0.98, twiesn=0.628, nearest=0.5207),
    files=FILES,
)
