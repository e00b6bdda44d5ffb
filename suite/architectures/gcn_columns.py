"""Graph convolution normalized by columns (section 12.1.2): a node shares out what it has, (A + I) D^-1.

What there is in all of a graph stays so: it moves as the probabilities of a random walk do.
"""

from collections.abc import Sequence

from torch import nn

from suite.nn.graph import by_columns
from suite.nn.graph_convolution import GraphConvolution
from suite.nn.network import Network
from suite.nn.stem import grid
from suite.trial import Size, Tricks
from tasks.task import DataType, Task

ACCEPTS: tuple[DataType, ...] = ("graph",)
IGNORES = ("patch", "heads", "kernel", "dilation", "positions")


def build(task: Task, size: Size, tricks: Tricks) -> Network:
    def layer(index: int) -> Sequence[nn.Module]:
        return [GraphConvolution(size.width, activation=tricks.activation, weights=by_columns)]

    return Network(task, size, tricks, view=grid, layer=layer)
