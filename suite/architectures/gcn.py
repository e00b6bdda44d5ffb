"""Graph convolutional network (D.12.2; Kipf and Welling 2017): a weighted mean over neighbours, then a linear map.

The weights are those of the adjacency with self-loops, normalized on both sides: 1 / sqrt(d_i d_j).
"""

from collections.abc import Sequence

from torch import nn

from suite.nn.graph_convolution import GraphConvolution
from suite.nn.network import Network
from suite.nn.stem import grid
from suite.trial import Size, Tricks
from tasks.task import DataType, Task

ACCEPTS: tuple[DataType, ...] = ("graph",)
IGNORES = ("patch", "heads", "kernel", "dilation", "positions")


def build(task: Task, size: Size, tricks: Tricks) -> Network:
    def layer(index: int) -> Sequence[nn.Module]:
        return [GraphConvolution(size.width, activation=tricks.activation)]

    return Network(task, size, tricks, view=grid, layer=layer)
