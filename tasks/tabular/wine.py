"""Wine: thirteen chemical measurements of an Italian wine, and which of three cultivars it is of."""

import numpy as np

from tasks.split import standardize, stratified_split
from tasks.task import Splits, Task


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
)
