"""Heterophilous blocks: which of four classes is a node of, if hardly any of its neighbours are of its class?

The features are those of graph/stochastic_blocks. To mix a node with its neighbours takes its class away; to keep the
two apart gives it (section 12.3, homophily; Zhu et al. 2020).
"""

from functools import partial

from tasks.graph import _blocks
from tasks.task import Task

HOMOPHILY = 0.05

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
