"""GATv2 (section 12.3.1; Brody et al. 2022): graph attention whose ranking of neighbours depends on who asks.

The nonlinearity stands before the learned direction, and not after it as in GAT.
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


class DynamicGraphAttention(Mixer):
    """score_ij = a . leaky_relu(W x_j + V x_i), then phi(sum over j of softmax_j(score) W x_j); (N, D) to (N, D)."""

    def __init__(self, width: int, *, heads: int, activation: str) -> None:
        super().__init__()
        check_heads(width, heads)
        self.heads = heads
        self.source = nn.Linear(width, width)
        self.target = nn.Linear(width, width, bias=False)  # the other one's bias is enough for the sum
        self.direction = Directions(heads, width // heads)
        self.bias = Bias(width)
        self.activation = activation_of(activation, width)

    def forward(self, x_ND: Tensor, places: Places = ALL) -> Tensor:
        assert places.graphs is not None
        source, target = with_loops(places.graphs.edge_index, len(x_ND))
        ours, theirs = (map_(x_ND).unflatten(-1, (self.heads, -1)) for map_ in (self.target, self.source))
        scores_EH = self.direction(functional.leaky_relu(theirs[source] + ours[target], SLOPE))
        return self.activation(self.bias(attended(theirs, scores_EH, source, target)))


def build(task: Task, size: Size, tricks: Tricks) -> Network:
    def layer(index: int) -> Sequence[nn.Module]:
        return [DynamicGraphAttention(size.width, heads=size.heads, activation=tricks.activation)]

    return Network(task, size, tricks, view=grid, layer=layer)
