"""Kolmogorov-Arnold network (section 5.4; Liu et al. 2024): a learned function of one number on every connection.

Each is a multiple of the activation and a cubic spline, that is a sum of B-splines on an even grid. Beyond the grid
splines are 0, and the activation alone is left.
Axes: D features, S B-splines.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn.functional import relu

from suite.nn.block import Alone
from suite.nn.network import Network
from suite.nn.stem import vector
from suite.trial import Size, Tricks
from suite.tricks.activation import activation as activation_of
from tasks.task import DataType, Task

ACCEPTS: tuple[DataType, ...] = (
    "tabular",
    "series",
    "audio",
    "text",
    "image",
    "volume",
    "graph",
    "sequence",
    "multimodal",
)
KEEPS_PLACES = False
IGNORES = ("patch", "heads", "kernel", "dilation", "positions")

FARTHEST, INTERVALS, DEGREE = 2.0, 5, 3
SPLINES = INTERVALS + DEGREE


class Splines(nn.Module):
    """The activation of each feature, and the B-splines of each; (..., D) to (..., D + D S)."""

    centers_S: Tensor

    def __init__(self, width: int, activation: str) -> None:
        super().__init__()
        self.activation = activation_of(activation, width)
        reach = FARTHEST * (1 + (DEGREE - 1) / INTERVALS)
        self.register_buffer("centers_S", torch.linspace(-reach, reach, SPLINES), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([self.activation(x), self.splines(x).flatten(-2)], -1)

    def splines(self, x: Tensor) -> Tensor:
        """(..., D) to (..., D, S); between -FARTHEST and FARTHEST they add up to 1."""
        away = (x[..., None] - self.centers_S).abs() * (INTERVALS / (2 * FARTHEST))
        return relu(2 - away) ** 3 / 6 - relu(1 - away) ** 3 * (2 / 3)


def build(task: Task, size: Size, tricks: Tricks) -> Network:
    def layer(index: int) -> Sequence[nn.Module]:
        splines = Splines(size.width, tricks.activation)
        return [Alone(splines, nn.Linear(size.width * (1 + SPLINES), size.width))]

    return Network(task, size, tricks, view=vector, layer=layer)
