"""AG News: is this piece of news about the world, sports, business, or science and technology?

Zhang, Zhao and LeCun (2015), Character-level Convolutional Networks for Text Classification. Each seed draws its own
part of the 120,000 training texts, and the test set is the official one. The published scores are of models that
learned from all of them.

The content hash of the test set was made from the authors' table, title and description with a space between, as the
script did that the hub's copy comes from; the copy was never seen here. No other copy of the training set was at hand,
so that its first fetch is trusted.
"""

import numpy as np

from tasks.hub import Part, table
from tasks.task import Reference, Splits, Task
from tasks.text._documents import Labelled, by_words

TRAIN = Part("fancyzhx/ag_news", "train", ("text", "label"), 120_000)
TEST = Part(
    "fancyzhx/ag_news",
    "test",
    ("text", "label"),
    7600,
    content="687b4d0c74967091342d9951c325a0b1cf0317504ff3edef0901b39ad28302bc",
)
VOCABULARY, LENGTH = 8000, 64
SIZES = (20_000, 4000)  # of train and valid
SPARE = 1.1  # so many times as many are drawn, because what reads like a later text is left out


def read(part: Part) -> Labelled:
    """Texts and the number of their class."""
    rows = table(part)
    return rows["text"].to_pylist(), rows["label"].to_numpy().astype(np.int64)


def load(rng: np.random.Generator) -> Splits:
    (texts, labels), test = read(TRAIN), read(TEST)
    sizes = [int(SPARE * size) for size in SIZES]
    rows_of = np.split(rng.permutation(len(texts))[: sum(sizes)], sizes[:1])
    train, valid = (([texts[row] for row in rows], labels[rows]) for rows in rows_of)
    return by_words(train, valid, test, vocabulary=VOCABULARY, length=LENGTH, sizes=SIZES)


TASK = Task(
    data="text",
    shape=(LENGTH,),
    vocabulary=VOCABULARY,
    padded=True,
    target="class",
    outputs=4,
    metric="accuracy",
    chance=0.25,
    source="AG News from the hub; 20,000 of the official training set to learn from, the official test set",
    licence="none stated, for research that is not commercial",
    load=load,
    references=tuple(
        Reference(model, score, "Zhang et al. 2015, arXiv 1509.01626, table 4, all 120,000 to learn from")
        for model, score in (
            ("bag of words, logistic regression", 0.8881),
            ("bag of n-grams, logistic regression", 0.9204),
            ("bag of n-grams with TF-IDF, logistic regression", 0.9236),
            ("LSTM", 0.8606),
            ("convolutions over words, large, learned look-up", 0.9145),
            ("convolutions over characters, large", 0.8718),
        )
    ),
    hub=TRAIN.name,
)
