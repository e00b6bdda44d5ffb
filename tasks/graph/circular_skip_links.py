"""Circular skip links (section 12.3.3; Murphy et al. 2019): how far do the chords of a ring of 41 nodes reach?

All nodes have four neighbours and nothing else, so that message passing (1-WL) sees no difference between the ten
classes; the chances that a random walk returns tell them apart. Each graph has its nodes in an order of its own.
"""

import numpy as np

from tasks.graphs import graphs
from tasks.split import stratified_split
from tasks.task import Splits, Task

NODES = 41
SKIPS = (2, 3, 4, 5, 6, 9, 11, 12, 13, 16)
EACH = 30


def load(rng: np.random.Generator) -> Splits:
    labels = np.repeat(np.arange(len(SKIPS)), EACH)
    edges = [ring(SKIPS[label], rng.permutation(NODES)) for label in labels]
    return stratified_split(graphs([np.ones((NODES, 1))] * len(labels), edges), labels, rng)


def ring(skip: int, names: np.ndarray) -> np.ndarray:
    """Each node joined with the next one and the one `skip` places on, both ways; (2, 4 * NODES)."""
    places = np.tile(np.arange(NODES), 2)
    one_way = np.stack([places, (places + np.repeat([1, skip], NODES)) % NODES])
    return names[np.concatenate([one_way, one_way[::-1]], 1)]


TASK = Task(
    data="graph",
    shape=(1,),
    target="class",
    outputs=len(SKIPS),
    metric="accuracy",
    chance=0.1,
    source="circular skip link graphs of Murphy et al. 2019, made by this file",
    licence="none needed",
    load=load,
    typical=(NODES, 4 * NODES),
)
