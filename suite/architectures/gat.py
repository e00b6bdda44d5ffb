"""Graph attention network (section 12.3.1; Veličković et al. 2018): neighbours are weighed by what both ends hold.

Its attention is static: all nodes rank their neighbours in the same order (Brody et al. 2022), which GATv2 mends.
"""

from collections.abc import Sequence

from torch import Tensor, nn
from torch.nn import functional

from suite.nn.attention import check_heads
from suite.nn.block import Mixer
from suite.nn.graph import with_loops
from suite.nn.graph_attention import SLOPE, Bias, Directions, attended
from suite.nn.network import Network
from suite.nn.places import ALL, Places
from suite.nn.stem import grid
from suite.trial import Size, Tricks
from suite.tricks.activation import activation as activation_of
from tasks.task import DataType, Task

ACCEPTS: tuple[DataType, ...] = ("graph",)
IGNORES = ("patch", "kernel", "dilation", "positions")


class StaticGraphAttention(Mixer):
    """score_ij = leaky_relu(a . W x_j + b . W x_i); phi(sum over j of softmax_j(score) W x_j); (N, D) to (N, D)."""

    def __init__(self, width: int, *, heads: int, activation: str) -> None:
        super().__init__()
        check_heads(width, heads)
        self.heads = heads
        self.linear = nn.Linear(width, width, bias=False)
        self.source, self.target = Directions(heads, width // heads), Directions(heads, width // heads)
        self.bias = Bias(width)
        self.activation = activation_of(activation, width)

    def forward(self, x_ND: Tensor, places: Places = ALL) -> Tensor:
        assert places.graphs is not None
        source, target = with_loops(places.graphs.edge_index, len(x_ND))
        x_NHK = self.linear(x_ND).unflatten(-1, (self.heads, -1))
        scores_EH = functional.leaky_relu(self.source(x_NHK)[source] + self.target(x_NHK)[target], SLOPE)
        return self.activation(self.bias(attended(x_NHK, scores_EH, source, target)))


def build(task: Task, size: Size, tricks: Tricks) -> Network:
    def layer(index: int) -> Sequence[nn.Module]:
        return [StaticGraphAttention(size.width, heads=size.heads, activation=tricks.activation)]

    return Network(task, size, tricks, view=grid, layer=layer)
