"""Stochastic blocks: which of four classes is a node of, if four in five of its neighbours are of its class?

The features of a node alone say little; the mean over its neighbourhood says more (section 12.3, homophily).
"""

from functools import partial

from tasks.graph import _blocks
from tasks.task import Task

HOMOPHILY = 0.8

TASK = Task(
    data="graph",
    shape=(_blocks.CLASSES,),
    target="class",
    outputs=_blocks.CLASSES,
    metric="accuracy",
    chance=0.25,
    source="contextual stochastic block model, Deshpande et al. 2018, made by this file",
    licence="none needed",
    load=partial(_blocks.load_blocks, homophily=HOMOPHILY),
    per="place",
    typical=(_blocks.NODES, _blocks.NODES * _blocks.DEGREE),
)
