"""Brackets: is this string of round and square brackets balanced (Dyck language of two kinds)?

Where it is not, two closing brackets of different kind have changed places. So both classes have as many brackets of
each kind, open and close at the same places, and a bag of tokens knows nothing. A pair that closes at once shows to
neighbours, which solve a part; one that encloses others, as in half of the strings on purpose, needs a stack.
"""

import numpy as np

from tasks.probe import probe
from tasks.task import Reference, Splits, Task
from tasks.text._tokens import PADDING

ROUND, SQUARE = (2, 3), (4, 5)  # opening and closing token; 0 is padding and 1 is never there
VOCABULARY, LENGTH = 6, 32
FEWEST, MOST = 6, 16  # pairs
ENCLOSING = 0.5  # share of wrong strings where both pairs enclose others, if there are such


def draw(rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows of tokens, padded at the end, and 1 for those that are balanced."""
    labels = rng.integers(0, 2, count)
    rows = np.full((count, LENGTH), PADDING, np.int64)
    for row, label in zip(rows, labels, strict=True):
        tokens = balanced(rng, int(rng.integers(FEWEST, MOST + 1)))
        row[: len(tokens)] = tokens if label else crossed(rng, tokens)
    return rows, labels


def balanced(rng: np.random.Generator, pairs: int) -> np.ndarray:
    """A string of so many pairs; half of them are round."""
    kinds = iter(rng.permutation(np.arange(pairs) % 2))
    tokens, still_open = list[int](), list[int]()
    for up in shape(rng, pairs):
        if up:
            still_open.append(next(kinds))
        kind = still_open[-1] if up else still_open.pop()
        tokens.append((ROUND, SQUARE)[kind][0 if up else 1])
    return np.array(tokens)


def shape(rng: np.random.Generator, pairs: int) -> np.ndarray:
    """Where a string opens; all shapes are as likely (cycle lemma: one rotation of any steps stays at 0 or above)."""
    steps = rng.permutation(np.repeat([1, -1], [pairs, pairs + 1]))
    return np.roll(steps, -1 - int(steps.cumsum().argmin()))[:-1] > 0


def crossed(rng: np.random.Generator, tokens: np.ndarray) -> np.ndarray:
    """Two closing brackets of different kind change places. Given what opens, only one way to close is right."""
    choices = [np.flatnonzero(tokens == closing) for _, closing in (ROUND, SQUARE)]
    enclosing = [places[np.isin(tokens[places - 1], (ROUND[1], SQUARE[1]))] for places in choices]
    if rng.random() < ENCLOSING and all(map(len, enclosing)):
        choices = enclosing
    places = [int(rng.choice(places)) for places in choices]
    wrong = tokens.copy()
    wrong[places] = tokens[places[::-1]]
    return wrong


def load(rng: np.random.Generator) -> Splits:
    return probe(rng, draw)


TASK = Task(
    data="text",
    shape=(LENGTH,),
    vocabulary=VOCABULARY,
    padded=True,
    target="class",
    outputs=2,
    metric="accuracy",
    chance=0.5,
    source="random strings of brackets, made by this file",
    licence="none needed",
    load=load,
    references=(Reference("a stack", 1.0, "closed form: it decides the language"),),
)
