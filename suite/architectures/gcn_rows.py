"""Graph convolution normalized by rows (section 12.1.2): the mean over neighbours and the node itself, D^-1 (A + I).

What is the same everywhere stays so. It is the average of a random walk's next step, and GraphSAGE's inductive GCN
(Hamilton et al. 2017, equation 2).
"""

from collections.abc import Sequence

from torch import nn

from suite.nn.graph import by_rows
from suite.nn.graph_convolution import GraphConvolution
from suite.nn.network import Network
from suite.nn.stem import grid
from suite.trial import Size, Tricks
from tasks.task import DataType, Task

ACCEPTS: tuple[DataType, ...] = ("graph",)
IGNORES = ("patch", "heads", "kernel", "dilation", "positions")


def build(task: Task, size: Size, tricks: Tricks) -> Network:
    def layer(index: int) -> Sequence[nn.Module]:
        return [GraphConvolution(size.width, activation=tricks.activation, weights=by_rows)]

    return Network(task, size, tricks, view=grid, layer=layer)
