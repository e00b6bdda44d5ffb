"""Dictionary lookup (Brody et al. 2022): find the value beside the key that a node asks for.

Ten nodes have a key and a value, ten others ask for one key each, and each of the first is joined with each of the
others. An attention that ranks the neighbours in the same way for every node that asks, as GAT's does, must fail;
GATv2's and the transformer's need not (section 12.3.1).
"""

import numpy as np

from tasks.graphs import graphs
from tasks.probe import subsets
from tasks.split import random_split
from tasks.task import Reference, Splits, Task

KEYS = 10
GRAPHS = 3000


def load(rng: np.random.Generator) -> Splits:
    """Node i < KEYS has key i; both the values and the questions are all numbers, in random order."""
    values, asked = subsets(rng, GRAPHS, KEYS, KEYS), subsets(rng, GRAPHS, KEYS, KEYS)
    targets = np.concatenate([np.full_like(values, -1), np.take_along_axis(values, asked, axis=1)], axis=1)
    nodes = [features(*pair) for pair in zip(values, asked, strict=True)]
    return random_split(graphs(nodes, [bipartite()] * GRAPHS), targets, rng)


def features(values: np.ndarray, asked: np.ndarray) -> np.ndarray:
    """Key and value one-hot, and no value where one is asked for; (2 * KEYS, 2 * KEYS)."""
    one = np.eye(KEYS)
    return np.block([[one, one[values]], [one[asked], np.zeros((KEYS, KEYS))]])


def bipartite() -> np.ndarray:
    """Every node that has a key with every node that asks, both ways; (2, edges)."""
    keys, queries = np.divmod(np.arange(KEYS**2), KEYS)
    one_way = np.stack([keys, KEYS + queries])
    return np.concatenate([one_way, one_way[::-1]], axis=1)


TASK = Task(
    data="graph",
    shape=(2 * KEYS,),
    target="class",
    outputs=KEYS,
    metric="accuracy",
    chance=0.1,
    source="DictionaryLookup of Brody et al. 2022, arXiv 2105.14491, made by this file; edges both ways",
    licence="none needed",
    load=load,
    references=(
        Reference(
            "GATv2",
            1.0,
            "Brody et al. 2022, arXiv 2105.14491, figure 3, one head, up to 100 keys",
            architecture="gatv2",
        ),
    ),
    per="place",
    typical=(2 * KEYS, 2 * KEYS**2),
)
