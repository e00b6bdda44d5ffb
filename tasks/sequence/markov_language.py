"""A language of known entropy (section 8.4.1): each token depends on the two before it, by a table drawn once.

No model can score above the table's own entropy, which is known exactly. A model that sees one token reaches less, and
one that sees none stays at chance; what sees two or more, a convolution of three places included, can reach it.
"""

import numpy as np

from tasks.probe import probe
from tasks.task import Reference, Splits, Task

TOKENS, LENGTH = 8, 32
# Row [a, b] has the odds of what follows a and b. Few tokens are likely, others for each row.
CHAIN = np.random.default_rng(0).dirichlet(np.full(TOKENS, 0.3), (TOKENS, TOKENS))


def stationary() -> np.ndarray:
    """How often each pair of tokens is there in the long run; (TOKENS, TOKENS)."""
    pairs = np.full((TOKENS, TOKENS), TOKENS**-2.0)
    for _ in range(10_000):
        pairs = np.einsum("ab,abc->bc", pairs, CHAIN)
    return pairs


def compression(odds: np.ndarray, weights: np.ndarray) -> float:
    """The score of these odds where they are the true ones: 1 - entropy / log(TOKENS), in the mean by `weights`."""
    entropy = -(odds * np.log(np.maximum(odds, 1e-300))).sum(-1)
    return float(1 - (weights * entropy).sum() / np.log(TOKENS))


def draw(rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Sentences from the middle of the language; the next token is asked wherever two are known."""
    start = rng.choice(TOKENS**2, count, p=stationary().flatten())
    tokens = np.empty((count, LENGTH + 1), np.int64)
    tokens[:, 0], tokens[:, 1] = np.divmod(start, TOKENS)
    cumulated = CHAIN.cumsum(-1)
    cumulated[..., -1] = 1
    for place in range(2, LENGTH + 1):
        odds = cumulated[tokens[:, place - 2], tokens[:, place - 1]]
        tokens[:, place] = (rng.random((count, 1)) >= odds).sum(1)
    targets = tokens[:, 1:].copy()
    targets[:, 0] = -1
    return tokens[:, :-1], targets


def load(rng: np.random.Generator) -> Splits:
    return probe(rng, draw)


PAIRS = stationary()
TASK = Task(
    data="sequence",
    shape=(LENGTH,),
    vocabulary=TOKENS,
    target="class",
    outputs=TOKENS,
    metric="compression",
    chance=compression(PAIRS.sum(0), np.ones(())),
    source="a Markov chain of order two, made by this file",
    licence="none needed",
    load=load,
    references=(Reference("the chain itself", compression(CHAIN, PAIRS), "closed form: its entropy"),),
    per="place",
    causal=True,
)
