"""Message passing where edges learn too (section 12.3.2): each layer makes new features of edges, then of nodes."""

from collections.abc import Sequence
from dataclasses import replace

from torch import Tensor, nn

from suite.nn.block import Stage
from suite.nn.messages import MessagePassing, Messages
from suite.nn.network import Network
from suite.nn.places import ALL, Places
from suite.nn.stem import grid
from suite.trial import Size, Tricks
from tasks.task import DataType, Task

ACCEPTS: tuple[DataType, ...] = ("graph",)
IGNORES = ("patch", "heads", "kernel", "dilation", "positions")


class EdgeUpdate(Stage):
    """New features of every edge from its own and those of its two ends; nodes stay as they are."""

    def __init__(self, width: int, edges: int, *, activation: str) -> None:
        super().__init__()
        self.messages = Messages(width, edges, activation=activation)

    def forward(self, x_ND: Tensor, places: Places = ALL) -> tuple[Tensor, Places]:
        assert places.graphs is not None
        features = self.messages(x_ND, places.graphs.edge_index, places.graphs.edge_features)
        return x_ND, replace(places, graphs=replace(places.graphs, edge_features=features))


def build(task: Task, size: Size, tricks: Tricks) -> Network:
    def layer(index: int) -> Sequence[nn.Module]:
        edges = size.width if index else task.edges
        return [
            EdgeUpdate(size.width, edges, activation=tricks.activation),
            MessagePassing(size.width, size.width, activation=tricks.activation),
        ]

    return Network(task, size, tricks, view=grid, layer=layer)
