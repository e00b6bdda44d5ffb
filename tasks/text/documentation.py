"""Documentation, character by character: what comes next in the docstrings of six installed libraries?"""

import numpy as np

from tasks.task import Splits, Task
from tasks.text._documentation import EACH, LIBRARIES, language
from tasks.text._tokens import Characters

VOCABULARY, LENGTH = 98, 64
SIZES = (12_000, 1200, 1200)


def load(rng: np.random.Generator) -> Splits:
    return language(rng, Characters.fitted, vocabulary=VOCABULARY, length=LENGTH, sizes=SIZES)


TASK = Task(
    data="text",
    shape=(LENGTH,),
    vocabulary=VOCABULARY,
    target="class",
    outputs=VOCABULARY,
    metric="compression",
    chance=0.262,
    source=f"docstrings of {len(LIBRARIES)} libraries as installed, {EACH} each; random 80/10/10 cut of the documents",
    licence="BSD 3-clause, all six",
    load=load,
    per="place",
    causal=True,
)
