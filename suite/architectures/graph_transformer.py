"""Graph transformer (section 12.3.3; Dwivedi et al. 2022): nodes ask all nodes of their graph, edges or not.

The edges are only in the position encoding: how likely a random walk from a node is back after 1, 2, ... steps.
Positions are `learned`, a map of these numbers, or `none`; nodes have no order that another level could mean.
"""

from collections.abc import Sequence

from torch import Tensor, nn

from suite.graphs import WALK
from suite.nn.attention import SelfAttention
from suite.nn.block import Mixer, Stage
from suite.nn.feed_forward import feed_forward
from suite.nn.network import Network
from suite.nn.places import ALL, Places
from suite.nn.stem import grid
from suite.trial import Size, Tricks
from tasks.task import DataType, Task

ACCEPTS: tuple[DataType, ...] = ("graph",)
IGNORES = ("patch", "kernel", "dilation")
REFUSES = {  # nodes have no order
    "positions": ("scalar", "one_hot", "sinusoidal", "relative", "alibi", "alibi_trained", "rope")
}


class WithinGraphs(Mixer):
    """Self-attention among the nodes of each graph, as rows that are filled up to the longest; (N, D) to (N, D)."""

    def __init__(self, width: int, *, heads: int) -> None:
        super().__init__()
        self.attention = SelfAttention(width, heads=heads)

    def forward(self, x_ND: Tensor, places: Places = ALL) -> Tensor:
        assert places.graphs is not None
        present = places.graphs.present
        y_GLD = self.attention(places.graphs.padded(x_ND), Places(None if present.all() else present))
        return y_GLD[present]


class RandomWalks(Stage):
    """Adds a linear map of each node's chances that a walk returns; (N, D) to (N, D)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.linear = nn.Linear(WALK, width)

    def forward(self, x_ND: Tensor, places: Places = ALL) -> tuple[Tensor, Places]:
        assert places.graphs is not None
        return x_ND + self.linear(places.graphs.returns.to(x_ND)), places


def build(task: Task, size: Size, tricks: Tricks) -> Network:
    if tricks.positions not in ("learned", "none"):
        raise ValueError(f"nodes of a graph have no order: positions are learned or none; got {tricks.positions!r}")

    def layer(index: int) -> Sequence[nn.Module]:
        mixers = [
            WithinGraphs(size.width, heads=size.heads),
            feed_forward(size.width, activation=tricks.activation),
        ]
        told = index == 0 and tricks.positions == "learned"
        return [RandomWalks(size.width), *mixers] if told else mixers

    return Network(task, size, tricks, view=grid, layer=layer)
