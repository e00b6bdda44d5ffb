"""Friedman's first function: ten uniform features, of which five matter, one of them through a sine of a product.

Friedman (1991), Multivariate Adaptive Regression Splines, with noise of standard deviation 1. Nobody
can explain the noise, so the best R² that can be had is 0.96.
"""

import numpy as np

from tasks.split import random_split, standardize, standardize_targets
from tasks.task import Splits, Task

EXAMPLES, FEATURES = 4000, 10
NOISE = 1.0


def function(x: np.ndarray) -> np.ndarray:
    """The value without noise of each row; (examples,)."""
    return 10 * np.sin(np.pi * x[:, 0] * x[:, 1]) + 20 * (x[:, 2] - 0.5) ** 2 + 10 * x[:, 3] + 5 * x[:, 4]


def load(rng: np.random.Generator) -> Splits:
    table = rng.random((EXAMPLES, FEATURES))
    values = function(table) + NOISE * rng.standard_normal(EXAMPLES)
    splits = random_split(table.astype(np.float32), values.astype(np.float32)[:, None], rng)
    return standardize_targets(standardize(splits))


TASK = Task(
    data="tabular",
    shape=(FEATURES,),
    target="value",
    outputs=1,
    metric="r2",
    chance=0.0,
    source="drawn anew for every seed by the published recipe (Friedman 1991), 4,000 rows",
    licence="none needed",
    load=load,
)
