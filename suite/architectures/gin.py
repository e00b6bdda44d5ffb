"""Graph isomorphism network (Xu et al. 2019): sums over neighbours, then an MLP; tells apart what 1-WL tells apart.

A sum knows how many neighbours there are of each kind; a mean knows their shares, a maximum which there are at all.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from suite.nn.block import Mixer
from suite.nn.graph import scatter_sum
from suite.nn.network import Network
from suite.nn.places import ALL, Places
from suite.nn.stem import grid
from suite.trial import Size, Tricks
from suite.tricks.activation import activation as activation_of
from tasks.task import DataType, Task

ACCEPTS: tuple[DataType, ...] = ("graph",)
IGNORES = ("patch", "heads", "kernel", "dilation", "positions")


class SumAndThink(Mixer):
    """MLP((1 + epsilon) x_i + sum over neighbours of x_j), epsilon learned from 0; (N, D) to (N, D)."""

    def __init__(self, width: int, *, activation: str) -> None:
        super().__init__()
        self.epsilon = nn.Parameter(torch.zeros(()))
        self.think = nn.Sequential(nn.Linear(width, width), activation_of(activation, width), nn.Linear(width, width))

    def reset_parameters(self) -> None:
        nn.init.zeros_(self.epsilon)

    def forward(self, x_ND: Tensor, places: Places = ALL) -> Tensor:
        assert places.graphs is not None
        source, target = places.graphs.edge_index
        return self.think((1 + self.epsilon) * x_ND + scatter_sum(x_ND[source], target, len(x_ND)))


def build(task: Task, size: Size, tricks: Tricks) -> Network:
    def layer(index: int) -> Sequence[nn.Module]:
        return [SumAndThink(size.width, activation=tricks.activation)]

    return Network(task, size, tricks, view=grid, layer=layer)
