"""Bond types: how many of the two bonds of an atom are double?

A ring of twenty atoms of random elements; each bond is single or double at random, which only its feature says. The
elements and who is joined with whom say nothing, so a network that does not read the features of edges is at chance
(section 12.3.2).
"""

import numpy as np

from tasks.graph._rings import ring
from tasks.graphs import graphs
from tasks.split import random_split
from tasks.task import Splits, Task

ATOMS, ELEMENTS, TYPES = 20, 3, 2
RINGS = 1000


def load(rng: np.random.Generator) -> Splits:
    """Bond i of a ring is between atoms i and i + 1; the atoms then get names in random order."""
    elements = rng.integers(ELEMENTS, size=(RINGS, ATOMS))
    double = rng.integers(TYPES, size=(RINGS, ATOMS))
    names = rng.permuted(np.tile(np.arange(ATOMS), (RINGS, 1)), axis=1)
    targets = np.empty_like(double)
    np.put_along_axis(targets, names, double + np.roll(double, 1, axis=1), axis=1)
    types = np.eye(TYPES)[np.tile(double, 2)]
    rings = graphs(list(np.eye(ELEMENTS)[elements]), [ring(row) for row in names], list(types))
    return random_split(rings, targets, rng)


TASK = Task(
    data="graph",
    shape=(ELEMENTS,),
    edges=TYPES,
    target="class",
    outputs=3,
    metric="accuracy",
    chance=0.5,
    source="rings with random bonds, made by this file",
    licence="none needed",
    load=load,
    per="place",
    typical=(ATOMS, 2 * ATOMS),
)
