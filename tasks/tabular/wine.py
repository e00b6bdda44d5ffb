"""Wine: thirteen chemical measurements of an Italian wine, and which of three cultivars it is of."""

import numpy as np

from tasks.split import standardize, stratified_split
from tasks.task import Reference, Splits, Task


def load(rng: np.random.Generator) -> Splits:
    from sklearn.datasets import load_wine

    table, labels = load_wine(return_X_y=True)
    return standardize(stratified_split(table.astype(np.float32), labels.astype(np.int64), rng))


TASK = Task(
    data="tabular",
    shape=(13,),
    target="class",
    outputs=3,
    metric="accuracy",
    chance=0.399,
    source="UCI wine recognition, 178 wines, shipped inside scikit-learn; random 60/20/20 split, same classes in each",
    licence="CC BY 4.0",
    load=load,
    references=tuple(
        Reference(model, score, "Aeberhard et al. 1992, in the description of the data set; leaving one out")
        for model, score in (
            ("regularized discriminant analysis", 1.0),
            ("quadratic discriminant analysis", 0.994),
            ("linear discriminant analysis", 0.989),
            ("nearest neighbour", 0.961),
        )
    ),
)
