"""ItalyPowerDemand: is a day's power demand, hour by hour, one of summer or of winter? (Keogh et al. 2006).

Winter is from October to March. Curves are normalized one by one, as published.
"""

import numpy as np

from tasks.series._ucr import LICENCE, load_ucr, members, published
from tasks.task import Splits, Task

FILES = members(
    "ItalyPowerDemand",
    train="341269cb7e6cef96846b30e774580beec79addb93848ba360145219115a74b7c",
    test="26122451f87dd0387ef90b18bc8a86c041371b8a1c068004922b939971247144",
)


def load(rng: np.random.Generator) -> Splits:
    return load_ucr(FILES, rng)


TASK = Task(
    data="series",
    shape=(24, 1),
    target="class",
    outputs=2,
    metric="accuracy",
    chance=0.501,
    source="UCR archive, 67 days to learn from and 1,029 others, in package aeon",
    licence=LICENCE,
    load=load,
    references=published(
        mlp=(0.953, 0.002),
        fcn=(0.963, 0.001),
        resnet=(0.962, 0.003),
        twiesn=(0.871, 0.037),
        nearest=0.9553,
    ),
    files=FILES,
)
