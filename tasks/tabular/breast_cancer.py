"""Breast cancer Wisconsin: thirty measurements of cell nuclei, malignant or benign."""

import numpy as np

from tasks.split import random_split, standardize
from tasks.task import Reference, Splits, Task


def load(rng: np.random.Generator) -> Splits:
    from sklearn.datasets import load_breast_cancer

    table, labels = load_breast_cancer(return_X_y=True)
    return standardize(random_split(table.astype(np.float32), labels.astype(np.int64), rng))


TASK = Task(
    data="tabular",
    shape=(30,),
    target="class",
    outputs=2,
    metric="accuracy",
    chance=0.627,
    source="UCI breast cancer Wisconsin (diagnostic), 569 patients, shipped inside scikit-learn",
    licence="CC BY 4.0",
    load=load,
    references=(
        Reference(
            "one plane through three of the features",
            0.975,
            "Wolberg, Street and Mangasarian 1995, in the description of the data set; ten folds, repeated",
        ),
    ),
)
