"""Noisy XOR: do the first two of ten features have different signs? No linear model can do better than guess.

Eight features are junk, and one answer in twenty is wrong, in all parts, so that nobody can score above 0.95.
"""

import numpy as np

from tasks.split import random_split, standardize
from tasks.task import Splits, Task

EXAMPLES, FEATURES = 5000, 10
MARGIN = 0.2  # neither feature is closer to zero, so that the true answer is clear
WRONG = 0.05


def load(rng: np.random.Generator) -> Splits:
    table = rng.standard_normal((EXAMPLES, FEATURES))
    table[:, :2] += MARGIN * np.sign(table[:, :2])
    labels = (table[:, 0] > 0) ^ (table[:, 1] > 0) ^ (rng.random(EXAMPLES) < WRONG)
    return standardize(random_split(table.astype(np.float32), labels.astype(np.int64), rng))


TASK = Task(
    data="tabular",
    shape=(FEATURES,),
    target="class",
    outputs=2,
    metric="accuracy",
    chance=0.5,
    source="drawn anew for every seed: 5,000 rows of ten normal features, with one wrong label in twenty",
    licence="none needed",
    load=load,
)
