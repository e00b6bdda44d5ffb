"""Inputs in float64, of whatever kind they are."""

from torch import Tensor

from suite.graphs import Graphs
from tasks.modes import Modes


def vars_of(graphs: Graphs) -> dict[str, Tensor]:
    return {name: getattr(graphs, name) for name in Graphs.__dataclass_fields__}


def doubled(inputs: Tensor | Graphs | Modes) -> Tensor | Graphs | Modes:
    match inputs:
        case Modes():
            return Modes(tuple(map(doubled, inputs.parts)))
        case Graphs():
            return Graphs(**{name: t.double() if t.is_floating_point() else t for name, t in vars_of(inputs).items()})
    return inputs.double() if inputs.is_floating_point() else inputs
