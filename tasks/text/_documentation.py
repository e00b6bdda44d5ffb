"""Documentation as a language: docstrings of installed libraries, of which train, valid and test have their own."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from tasks.task import Splits
from tasks.text._docstrings import docstrings
from tasks.text._language import unseen, windows
from tasks.text._tokens import Tokenizer

LIBRARIES = ("networkx", "numpy", "pandas", "scipy", "sklearn", "torch")
EACH = 200  # documents of each library
SHARES = (0.8, 0.9)  # where valid and test begin

Fit = Callable[[Iterable[str], int], Tokenizer]


def documents(rng: np.random.Generator) -> tuple[Sequence[str], Sequence[str], Sequence[str]]:
    """Train, valid, and test, in random order; no document is in two of them."""
    texts = list(dict.fromkeys(text for library in LIBRARIES for text in docstrings(library, EACH)))
    order = [texts[number] for number in rng.permutation(len(texts))]
    valid, test = (round(share * len(order)) for share in SHARES)
    return order[:valid], order[valid:test], order[test:]


def language(
    rng: np.random.Generator, fit: Fit, *, vocabulary: int, length: int, sizes: tuple[int, int, int]
) -> Splits:
    """So many windows of each part; what documents share word for word is left out of train first, then of valid."""
    parts = documents(rng)
    tokenizer = fit(parts[0], vocabulary)
    found = [windows(part, tokenizer, length) for part in parts]
    test = unseen(found[2], (), sizes[2])
    valid = unseen(found[1], (test,), sizes[1])
    train = unseen(found[0], (test, valid), sizes[0])
    return Splits(train, valid, test)
