"""Language modelling (section 8.4): long texts as windows that do not overlap, and what comes next at every place."""

from collections.abc import Iterable, Sequence

import numpy as np

from tasks.task import Split
from tasks.text._tokens import Tokenizer


def windows(texts: Iterable[str], tokenizer: Tokenizer, length: int) -> Split:
    """Tokens, (windows, length), and the token after each. What does not fill the last window of a text is left out."""
    rows = [_rows(np.array(tokenizer.encode(text), np.int64), length) for text in texts]
    whole = np.concatenate(rows)
    return Split(whole[:, :-1], whole[:, 1:])


def _rows(tokens: np.ndarray, length: int) -> np.ndarray:
    """(windows, length + 1): the last token of a row is asked there, and read in the next."""
    count = max(0, (len(tokens) - 1) // length)
    starts = length * np.arange(count)[:, None]
    return tokens[starts + np.arange(length + 1)]


def unseen(split: Split, others: Sequence[Split], count: int) -> Split:
    """The first `count` windows that are there only once, and in none of the others."""
    assert isinstance(split.inputs, np.ndarray)
    known = {row.tobytes() for other in others for row in other.inputs}  # type: ignore[union-attr]
    kept = list[int]()
    for number, row in enumerate(split.inputs):
        if len(kept) < count and row.tobytes() not in known:
            known.add(row.tobytes())
            kept.append(number)
    assert len(kept) == count, f"{len(kept)} windows are left; {count} are wanted"
    return Split(split.inputs[kept], split.targets[kept])


def code_length(split: Split, size: int) -> float:
    """Score of the code that knows how often each token comes and nothing else: 1 - entropy / log(size)."""
    share = np.bincount(split.targets.ravel(), minlength=size) / split.targets.size
    return float(1 + (share[share > 0] * np.log(share[share > 0])).sum() / np.log(size))
