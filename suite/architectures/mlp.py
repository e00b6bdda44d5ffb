"""Multilayer perceptron (D.5.2): the whole example at once, or each node of a graph, with no notion of place."""

from collections.abc import Sequence

from torch import nn

from suite.nn.block import Alone
from suite.nn.network import Network
from suite.nn.stem import vector
from suite.trial import Size, Tricks
from suite.tricks.activation import activation
from tasks.task import DataType, Task

ACCEPTS: tuple[DataType, ...] = (
    "tabular",
    "series",
    "audio",
    "text",
    "image",
    "volume",
    "graph",
    "sequence",
    "multimodal",
)
KEEPS_PLACES = False
IGNORES = ("patch", "heads", "kernel", "dilation", "positions")


def build(task: Task, size: Size, tricks: Tricks) -> Network:
    def layer(index: int) -> Sequence[nn.Module]:
        return [Alone(nn.Linear(size.width, size.width), activation(tricks.activation, size.width))]

    return Network(task, size, tricks, view=vector, layer=layer)
