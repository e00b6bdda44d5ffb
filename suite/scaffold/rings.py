"""Is it one ring of nodes, or two? Say here what is asked, and who published it."""

import numpy as np

from tasks.graphs import graphs
from tasks.split import stratified_split
from tasks.task import Splits, Task

NODES, FEATURES = 8, 3  # of a graph, and of each node
EXAMPLES = 600


def ring(names: np.ndarray) -> np.ndarray:
    """Each node joined with the next one, both ways; (2, edges)."""
    one_way = np.stack([names, np.roll(names, -1)])
    return np.concatenate([one_way, one_way[::-1]], 1)


def edges(rng: np.random.Generator, rings: int) -> np.ndarray:
    """The edges of one graph, whose nodes have an order of their own."""
    return np.concatenate([ring(part) for part in np.array_split(rng.permutation(NODES), rings)], 1)


def load(rng: np.random.Generator) -> Splits:
    """Everything random comes from `rng`, so that one seed always gives the same data."""
    answers = np.arange(EXAMPLES) % 2
    nodes = [rng.standard_normal((NODES, FEATURES)) for _ in answers]
    return stratified_split(graphs(nodes, [edges(rng, 1 + int(answer)) for answer in answers]), answers, rng)


TASK = Task(
    data="graph",
    shape=(FEATURES,),
    target="class",
    outputs=2,
    metric="accuracy",
    chance=0.5,
    source="rings with random features, drawn anew for every seed by this file",
    licence="none needed",
    load=load,
    typical=(NODES, 2 * NODES),
)
