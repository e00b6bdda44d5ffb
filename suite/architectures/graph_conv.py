"""Graph convolution with a central node (section 12.3.2; GraphSAGE, Hamilton et al. 2017): one map each.

Whoever differs from its neighbours stays different, which the plain mean of a GCN cannot promise.
"""

from collections.abc import Sequence

from torch import Tensor, nn

from suite.nn.block import Mixer
from suite.nn.graph import scatter_mean
from suite.nn.network import Network
from suite.nn.places import ALL, Places
from suite.nn.stem import grid
from suite.trial import Size, Tricks
from suite.tricks.activation import activation as activation_of
from tasks.task import DataType, Task

ACCEPTS: tuple[DataType, ...] = ("graph",)
IGNORES = ("patch", "heads", "kernel", "dilation", "positions")


class CentralConvolution(Mixer):
    """phi(W x_i + V mean over neighbours of x_j + b); (N, D) to (N, D)."""

    def __init__(self, width: int, *, activation: str) -> None:
        super().__init__()
        self.center = nn.Linear(width, width)
        self.neighbours = nn.Linear(width, width, bias=False)
        self.activation = activation_of(activation, width)

    def forward(self, x_ND: Tensor, places: Places = ALL) -> Tensor:
        assert places.graphs is not None
        source, target = places.graphs.edge_index
        around_ND = scatter_mean(x_ND[source], target, len(x_ND))
        return self.activation(self.center(x_ND) + self.neighbours(around_ND))


def build(task: Task, size: Size, tricks: Tricks) -> Network:
    def layer(index: int) -> Sequence[nn.Module]:
        return [CentralConvolution(size.width, activation=tricks.activation)]

    return Network(task, size, tricks, view=grid, layer=layer)
