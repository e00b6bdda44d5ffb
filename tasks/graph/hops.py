"""Hops: what does the other end of a path say, four edges away?

A graph is six paths of five nodes each, every node with one of four random symbols. Each end is asked for the symbol
of the other end. What a node knows after k layers of message passing comes from at most k edges away (section 12.2.3),
so fewer than four layers are at chance, whatever they do, and four are enough.
"""

import numpy as np

from tasks.graphs import graphs
from tasks.split import random_split
from tasks.task import Splits, Task

HOPS, PATHS, SYMBOLS = 4, 6, 4
LENGTH = HOPS + 1
NODES = PATHS * LENGTH
GRAPHS = 1000


def load(rng: np.random.Generator) -> Splits:
    symbols = rng.integers(SYMBOLS, size=(GRAPHS, NODES))
    names = rng.permuted(np.tile(np.arange(NODES), (GRAPHS, 1)), axis=1)
    edges, targets = [paths(row) for row in names], far_ends(symbols, names)
    return random_split(graphs(list(np.eye(SYMBOLS)[symbols]), edges), targets, rng)


def paths(names: np.ndarray) -> np.ndarray:
    """Every node, but for the last of each path, joined with the next one, both ways; (2, edges)."""
    rows = names.reshape(PATHS, LENGTH)
    one_way = np.stack([rows[:, :-1].ravel(), rows[:, 1:].ravel()])
    return np.concatenate([one_way, one_way[::-1]], axis=1)


def far_ends(symbols: np.ndarray, names: np.ndarray) -> np.ndarray:
    """The symbol of the other end at both ends, and -1 between them; (graphs, NODES)."""
    ends = names.reshape(len(names), PATHS, LENGTH)[:, :, [0, -1]].reshape(len(names), -1)
    others = names.reshape(len(names), PATHS, LENGTH)[:, :, [-1, 0]].reshape(len(names), -1)
    targets = np.full_like(symbols, -1)
    np.put_along_axis(targets, ends, np.take_along_axis(symbols, others, axis=1), axis=1)
    return targets


TASK = Task(
    data="graph",
    shape=(SYMBOLS,),
    target="class",
    outputs=SYMBOLS,
    metric="accuracy",
    chance=0.25,
    source="random symbols on paths, made by this file; after the tree tasks of Alon and Yahav 2021",
    licence="none needed",
    load=load,
    per="place",
    typical=(NODES, 2 * PATHS * HOPS),
)
