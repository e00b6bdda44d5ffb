"""Sentence and answer in one row: the source, a mark, and the answer so far; asked is what comes next (section 11.1.3).

The answer is given up to the place before (teacher forcing), so the task is causal; the source is its prefix.
"""

import numpy as np


def translation(source: np.ndarray, answer: np.ndarray, mark: int) -> tuple[np.ndarray, np.ndarray]:
    """Inputs and targets of sources, (count, S), and answers, (count, A); both (count, S + A)."""
    marks = np.full((len(source), 1), mark)
    inputs = np.concatenate([source, marks, answer[:, :-1]], 1)
    nothing = np.full(source.shape, -1)
    return inputs, np.concatenate([nothing, answer], 1)
