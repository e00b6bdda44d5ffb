"""Documents and their class, as rows of word tokens; the words are those of train, and no document is in two parts."""

from collections.abc import Sequence

import numpy as np

from tasks.task import Split, Splits
from tasks.text._tokens import PADDING, Tokenizer, Words

Labelled = tuple[Sequence[str], np.ndarray]


def padded(texts: Sequence[str], tokenizer: Tokenizer, length: int) -> np.ndarray:
    """The first `length` tokens of each, and padding after the end; (texts, length)."""
    rows = np.full((len(texts), length), PADDING, np.int64)
    for row, text in zip(rows, texts, strict=True):
        tokens = tokenizer.encode(text)[:length]
        row[: len(tokens)] = tokens
    return rows


def by_words(
    train: Labelled, valid: Labelled, test: Labelled, *, vocabulary: int, length: int, sizes: tuple[int, int]
) -> Splits:
    """`test` as it is, and so many of `train` and `valid`: the first that read like none of the later parts.

    Two texts can read the same because unknown words are all one token, and because what is long is cut.
    """
    tokenizer = Words.fitted(train[0], vocabulary)
    parts = [Split(padded(texts, tokenizer, length), labels) for texts, labels in (train, valid, test)]
    seen = _keys(parts[2])
    chosen = _first(parts[1], seen, sizes[1])
    return Splits(_first(parts[0], seen | _keys(chosen), sizes[0]), chosen, parts[2])


def _keys(split: Split) -> set[bytes]:
    return {row.tobytes() for row in split.inputs}  # type: ignore[union-attr]


def _first(split: Split, seen: set[bytes], count: int) -> Split:
    assert isinstance(split.inputs, np.ndarray)
    rows = [number for number, row in enumerate(split.inputs) if row.tobytes() not in seen]
    assert len(rows) >= count, f"{len(rows)} documents are left; {count} are wanted"
    return Split(split.inputs[rows[:count]], split.targets[rows[:count]])
