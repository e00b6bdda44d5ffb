"""Depthwise-separable convolutions (section 7.2): a filter for each feature, then a 1x1 convolution across features.

s s c + c c' weights in place of s s c c'.
"""

from collections.abc import Sequence

from torch import Tensor, nn

from suite.nn.block import Mixer
from suite.nn.convolution import Filter, axes
from suite.nn.network import Network
from suite.nn.places import ALL, Places
from suite.nn.stem import grid
from suite.trial import Size, Tricks
from suite.tricks.activation import activation as activation_of
from tasks.task import DataType, Task

ACCEPTS: tuple[DataType, ...] = ("series", "audio", "text", "image", "volume", "sequence")
CAUSAL = True
IGNORES = ("heads", "dilation", "positions")


class Separable(Mixer):
    """Depthwise, pointwise, nonlinearity; (B, ..., D) to (B, ..., D)."""

    def __init__(self, width: int, *, rank: int, kernel: int, activation: str) -> None:
        super().__init__()
        self.depthwise = Filter(width, rank=rank, kernel=kernel, groups=width)
        self.pointwise = nn.Linear(width, width)
        self.activation = activation_of(activation, width)

    def forward(self, x: Tensor, places: Places = ALL) -> Tensor:
        return self.activation(self.pointwise(self.depthwise(x, places)))


def build(task: Task, size: Size, tricks: Tricks) -> Network:
    def layer(index: int) -> Sequence[nn.Module]:
        return [Separable(size.width, rank=axes(task), kernel=size.kernel, activation=tricks.activation)]

    return Network(task, size, tricks, view=grid, layer=layer)
