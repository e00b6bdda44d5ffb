"""Polynomial graph convolution (section 12.2.2; Du et al. 2017): each layer sees several hops, with weights for each.

A kernel of K has weights for 0, 1, ..., K - 1 hops, as one of K places has in a sequence.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from suite.nn.block import Mixer
from suite.nn.graph import diffuse, symmetric
from suite.nn.network import Network
from suite.nn.places import ALL, Places
from suite.nn.stem import grid
from suite.trial import Size, Tricks
from suite.tricks.activation import activation as activation_of
from tasks.task import DataType, Task

ACCEPTS: tuple[DataType, ...] = ("graph",)
IGNORES = ("patch", "heads", "dilation", "positions")


class PolynomialConvolution(Mixer):
    """phi(X W_0 + S X W_1 + ... + S^(K-1) X W_(K-1) + b) with S = D^(-1/2) A D^(-1/2); (N, D) to (N, D)."""

    def __init__(self, width: int, *, kernel: int, activation: str) -> None:
        super().__init__()
        self.hops = kernel - 1
        self.linear = nn.Linear(kernel * width, width)
        self.activation = activation_of(activation, width)

    def forward(self, x_ND: Tensor, places: Places = ALL) -> Tensor:
        assert places.graphs is not None
        edges = places.graphs.edge_index
        weights, powers = symmetric(edges, len(x_ND)), [x_ND]
        for _ in range(self.hops):
            powers.append(diffuse(powers[-1], edges, weights))
        return self.activation(self.linear(torch.cat(powers, -1)))


def build(task: Task, size: Size, tricks: Tricks) -> Network:
    def layer(index: int) -> Sequence[nn.Module]:
        return [PolynomialConvolution(size.width, kernel=size.kernel, activation=tricks.activation)]

    return Network(task, size, tricks, view=grid, layer=layer)
