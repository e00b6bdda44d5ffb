"""Graph convolutional network (D.12.2; Kipf and Welling 2017): a weighted mean over neighbours, then a linear map.

The weights are those of the adjacency with self-loops, normalized on both sides: 1 / sqrt(d_i d_j).
"""

from collections.abc import Sequence

from torch import Tensor, nn

from suite.nn.block import Mixer
from suite.nn.graph import diffuse, symmetric, with_loops
from suite.nn.network import Network
from suite.nn.places import ALL, Places
from suite.nn.stem import grid
from suite.trial import Size, Tricks
from suite.tricks.activation import activation as activation_of
from tasks.task import DataType, Task

ACCEPTS: tuple[DataType, ...] = ("graph",)
IGNORES = ("patch", "heads", "kernel", "dilation", "positions")


class GraphConvolution(Mixer):
    """phi(D^(-1/2) (A + I) D^(-1/2) X W + b); (N, D) to (N, D)."""

    def __init__(self, width: int, *, activation: str) -> None:
        super().__init__()
        self.linear = nn.Linear(width, width)
        self.activation = activation_of(activation, width)

    def forward(self, x_ND: Tensor, places: Places = ALL) -> Tensor:
        assert places.graphs is not None
        edges = with_loops(places.graphs.edge_index, len(x_ND))
        return self.activation(self.linear(diffuse(x_ND, edges, symmetric(edges, len(x_ND)))))


def build(task: Task, size: Size, tricks: Tricks) -> Network:
    def layer(index: int) -> Sequence[nn.Module]:
        return [GraphConvolution(size.width, activation=tricks.activation)]

    return Network(task, size, tricks, view=grid, layer=layer)
