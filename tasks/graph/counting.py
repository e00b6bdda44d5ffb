"""Counting: how many nodes of a ring are marked?

Between 8 and 15 are, and these are a half, a third, a quarter or a fifth of all, whatever their number: rings have
between 16 and 75 nodes. So the share of marked nodes, which is what a mean over nodes sees, says nothing of their
number, and neither does a maximum; a sum does (section 12.2.3; Xu et al. 2019).
"""

import numpy as np

from tasks.graphs import graphs
from tasks.split import random_split, standardize_targets
from tasks.task import Splits, Task

FEWEST, MOST = 8, 15
RARE, RAREST = 2, 5
RINGS = 1000


def load(rng: np.random.Generator) -> Splits:
    counts = rng.integers(FEWEST, MOST + 1, size=RINGS)
    sizes = counts * rng.integers(RARE, RAREST + 1, size=RINGS)
    nodes = [marks(count, size, rng) for count, size in zip(counts, sizes, strict=True)]
    edges = [ring(rng.permutation(size)) for size in sizes]
    return standardize_targets(random_split(graphs(nodes, edges), counts[:, None], rng))


def marks(count: int, size: int, rng: np.random.Generator) -> np.ndarray:
    """1 for a marked node, 0 for another; (size, 1)."""
    return (rng.permutation(size) < count)[:, None].astype(np.float32)


def ring(names: np.ndarray) -> np.ndarray:
    """Each with the next one, both ways; (2, 2 * size)."""
    one_way = np.stack([names, np.roll(names, -1)])
    return np.concatenate([one_way, one_way[::-1]], axis=1)


TASK = Task(
    data="graph",
    shape=(1,),
    target="value",
    outputs=1,
    metric="r2",
    chance=0.0,
    source="rings with random marks, made by this file",
    licence="none needed",
    load=load,
    typical=(40, 80),
)
