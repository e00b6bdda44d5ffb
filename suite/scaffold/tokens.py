"""Is the last token the same as the first? Say here what is asked, and who published it."""

import numpy as np

from tasks.split import stratified_split
from tasks.task import Splits, Task

LENGTH, VOCABULARY = 16, 10
EXAMPLES = 2000


def draw(rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Tokens, (count, LENGTH), and their answers, (count,)."""
    answers = rng.permutation(np.arange(count) % 2)
    tokens = rng.integers(0, VOCABULARY, (count, LENGTH))
    others = (tokens[:, 0] + rng.integers(1, VOCABULARY, count)) % VOCABULARY
    tokens[:, -1] = np.where(answers == 1, tokens[:, 0], others)
    return tokens, answers


def load(rng: np.random.Generator) -> Splits:
    """Everything random comes from `rng`, so that one seed always gives the same data."""
    return stratified_split(*draw(rng, EXAMPLES), rng)


TASK = Task(
    data="sequence",
    shape=(LENGTH,),
    vocabulary=VOCABULARY,
    target="class",
    outputs=2,
    metric="accuracy",
    chance=0.5,
    source="random tokens, drawn anew for every seed by this file",
    licence="none needed",
    load=load,
)
