"""Diabetes progression: ten measurements, and how far the disease went a year later."""

import numpy as np

from tasks.split import random_split, standardize, standardize_targets
from tasks.task import Splits, Task


def load(rng: np.random.Generator) -> Splits:
    from sklearn.datasets import load_diabetes

    table, progress = load_diabetes(return_X_y=True, scaled=False)
    splits = random_split(table.astype(np.float32), progress.astype(np.float32)[:, None], rng)
    return standardize_targets(standardize(splits))


TASK = Task(
    data="tabular",
    shape=(10,),
    target="value",
    outputs=1,
    metric="r2",
    chance=0.0,
    source="442 patients of Efron et al. (2004), Least Angle Regression, shipped inside scikit-learn",
    licence="public, BSD package",
    load=load,
)
