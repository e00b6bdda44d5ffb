"""Documentation, piece by piece: docstrings as byte pairs, which are learned on train (section 8.4.2).

The text is that of text/documentation. A window of as many tokens reaches about twice as far back as one of
characters. The scores of the two tasks do not compare, because each counts in its own tokens.
"""

import numpy as np

from tasks.task import Splits, Task
from tasks.text._documentation import EACH, LIBRARIES, language
from tasks.text._tokens import BytePairs

VOCABULARY, LENGTH = 512, 64
SIZES = (7000, 600, 600)


def load(rng: np.random.Generator) -> Splits:
    return language(rng, BytePairs.fitted, vocabulary=VOCABULARY, length=LENGTH, sizes=SIZES)


TASK = Task(
    data="text",
    shape=(LENGTH,),
    vocabulary=VOCABULARY,
    target="class",
    outputs=VOCABULARY,
    metric="compression",
    chance=0.16,
    source=f"docstrings of {len(LIBRARIES)} libraries as installed, {EACH} each; random 80/10/10 cut of the documents",
    licence="BSD 3-clause, all six",
    load=load,
    per="place",
    causal=True,
)
