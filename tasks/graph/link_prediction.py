"""Link prediction: which pairs of nodes had an edge that was taken away (section 12.2.3)?

Graphs of four communities, dense inside and sparse between them. From each, twelve edges are taken out of the graph
that is given; the pairs asked about are these and as many pairs that never had an edge. The features of the nodes are
noise, which says nothing of the edges but tells nodes apart: only where the neighbours are can an answer come from.
"""

import numpy as np

from tasks.graphs import graphs
from tasks.split import random_split
from tasks.task import Splits, Task

COMMUNITIES, EACH, FEATURES = 4, 12, 16
INSIDE, BETWEEN = 0.6, 0.02
NODES = COMMUNITIES * EACH
HIDDEN, GRAPHS = 12, 400


def load(rng: np.random.Generator) -> Splits:
    drawn = [one(rng) for _ in range(GRAPHS)]
    nodes, edges, pairs, targets = zip(*drawn, strict=True)
    return random_split(graphs(nodes, edges, pairs=pairs), np.stack(targets), rng)


def one(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Nodes, the edges given, both ways, the pairs asked about, and which of these were edges."""
    community = rng.permutation(NODES) % COMMUNITIES
    above = np.stack(np.triu_indices(NODES, 1))
    likely = np.where(community[above[0]] == community[above[1]], INSIDE, BETWEEN)
    there = rng.random(len(likely)) < likely
    edges, others = rng.permutation(above[:, there], axis=1), rng.permutation(above[:, ~there], axis=1)
    order = rng.permutation(2 * HIDDEN)
    pairs = rng.permuted(np.concatenate([edges[:, :HIDDEN], others[:, :HIDDEN]], axis=1)[:, order], axis=0)
    given = edges[:, HIDDEN:]
    nodes = rng.standard_normal((NODES, FEATURES))
    return nodes, np.concatenate([given, given[::-1]], axis=1), pairs, (order < HIDDEN).astype(np.int64)


TASK = Task(
    data="graph",
    shape=(FEATURES,),
    target="class",
    outputs=2,
    metric="auc",
    chance=0.5,
    source="graphs of random communities, made by this file",
    licence="none needed",
    load=load,
    per="edge",
    typical=(NODES, 330),
)
