"""Counting: how many nodes are marked?

A graph is one to six copies of a small random tree, with noise on its nodes, and one node marked. All copies
look alike, so the mean over nodes, and the maximum, is the same for one copy as for six, after any layers of message
passing; the sum is not (section 12.2.3; Xu et al. 2019).
"""

import numpy as np

from tasks.graphs import graphs
from tasks.split import random_split, standardize_targets
from tasks.task import Splits, Task

COPIES = 6
SMALLEST, LARGEST, NOISE = 2, 4, 3
GRAPHS = 2000


def load(rng: np.random.Generator) -> Splits:
    counts = rng.integers(1, COPIES + 1, size=GRAPHS)
    nodes, edges = zip(*(copies(count, *tree(rng), rng) for count in counts), strict=True)
    return standardize_targets(random_split(graphs(nodes, edges), counts[:, None], rng))


def tree(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Each node after the first, which is marked, hangs on an earlier one; features (N, F), edges (2, N - 1)."""
    size = int(rng.integers(SMALLEST, LARGEST + 1))
    later = np.arange(1, size)
    marked = np.arange(size) == 0
    nodes = np.column_stack([rng.standard_normal((size, NOISE)), marked])
    return nodes, np.stack([later, rng.integers(later)])


def copies(count: int, nodes: np.ndarray, edges: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """So many of a graph side by side, edges both ways, the nodes in random order."""
    size = len(nodes)
    names = rng.permutation(count * size)
    many = names[(edges[:, None] + size * np.arange(count)[None, :, None]).reshape(2, -1)]
    shuffled = np.empty((count * size, nodes.shape[1]))
    shuffled[names] = np.tile(nodes, (count, 1))
    return shuffled, np.concatenate([many, many[::-1]], axis=1)


TASK = Task(
    data="graph",
    shape=(NOISE + 1,),
    target="value",
    outputs=1,
    metric="r2",
    chance=0.0,
    source="copies of random trees, made by this file",
    licence="none needed",
    load=load,
    typical=(10, 14),
)
