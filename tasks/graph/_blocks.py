"""Stochastic block models (Holland et al. 1983) with a dial: how often do neighbours have the same class?

Each graph has equally many nodes of every class, in random order. A node has DEGREE neighbours on average, and a share
of them, the homophily, is of its own class; the others are of the other classes, equally often. Its features are one
number per class, SIGNAL for its own and 0 for the others, in noise of variance 1 (contextual block model,
Deshpande et al. 2018): too weak to answer from alone.
"""

import numpy as np

from tasks.graphs import graphs
from tasks.split import random_split
from tasks.task import Splits

CLASSES, EACH, DEGREE, SIGNAL = 4, 15, 8, 1.0
NODES, GRAPHS = CLASSES * EACH, 300


def load_blocks(rng: np.random.Generator, homophily: float) -> Splits:
    """Splits of whole graphs; a class is asked at every node."""
    labels = rng.permuted(np.tile(np.repeat(np.arange(CLASSES), EACH), (GRAPHS, 1)), axis=1)
    features = SIGNAL * np.eye(CLASSES)[labels] + rng.standard_normal((GRAPHS, NODES, CLASSES))
    edges = [joined(of_node, homophily, rng) for of_node in labels]
    return random_split(graphs(list(features), edges), labels, rng)


def joined(labels: np.ndarray, homophily: float, rng: np.random.Generator) -> np.ndarray:
    """Each pair of nodes on its own: more likely, or less, if their labels are the same; (2, edges), both ways."""
    same = DEGREE * homophily / (EACH - 1)
    other = DEGREE * (1 - homophily) / (NODES - EACH)
    chance = np.where(labels[:, None] == labels, same, other)
    one_way = np.stack(np.nonzero(np.triu(rng.random(chance.shape) < chance, 1)))
    return np.concatenate([one_way, one_way[::-1]], axis=1)
