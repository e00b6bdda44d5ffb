"""Docstrings: which of six libraries does this documentation belong to? What it is called is left out of the text."""

import re

import numpy as np

from tasks.split import stratified_split
from tasks.task import Splits, Task
from tasks.text._docstrings import docstrings
from tasks.text._documents import by_words

LIBRARIES = ("networkx", "numpy", "pandas", "scipy", "sklearn", "torch")
NAMES = re.compile(
    r"networkx|nx|numpy|np|pandas|pd|scipy|sp|scikit[- ]learn|scikit|sklearn|pytorch|torch", re.IGNORECASE
)
HIDDEN = re.compile(rf"(?<![a-zA-Z])(?:{NAMES.pattern})(?![a-zA-Z])", re.IGNORECASE)
EACH, VOCABULARY, LENGTH = 400, 2000, 64
SIZES = (1400, 450)


def load(rng: np.random.Generator) -> Splits:
    """As many of each library; what reads like a document of another part is left out."""
    texts = np.array([HIDDEN.sub(" ", text) for library in LIBRARIES for text in docstrings(library, EACH)])
    labels = np.repeat(np.arange(len(LIBRARIES)), EACH)
    parts = stratified_split(np.arange(len(texts)), labels, rng)
    train, valid, test = (
        (texts[split.inputs].tolist(), split.targets)  # type: ignore[index]
        for split in (parts.train, parts.valid, parts.test)
    )
    return by_words(train, valid, test, vocabulary=VOCABULARY, length=LENGTH, sizes=SIZES)


TASK = Task(
    data="text",
    shape=(LENGTH,),
    vocabulary=VOCABULARY,
    padded=True,
    target="class",
    outputs=len(LIBRARIES),
    metric="accuracy",
    chance=1 / len(LIBRARIES),
    source="docstrings of the six libraries as installed, 400 each; random 60/20/20 split, same classes in each",
    licence="BSD 3-clause, all six",
    load=load,
)
