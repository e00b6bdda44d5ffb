"""Bottleneck residual network (section 9.4.1; He et al. 2016): 1x1 to fewer features, a filter, 1x1 back to all.

The third convolution is a 1x1 one, against the figure in the book, and the network with few features outside and many
inside is `convnext`.
"""

from collections.abc import Sequence

from torch import Tensor, nn

from suite.nn.block import Mixer
from suite.nn.convolution import Convolution, axes
from suite.nn.network import Network
from suite.nn.places import ALL, Places
from suite.nn.stem import grid
from suite.trial import Size, Tricks
from suite.tricks.activation import activation as activation_of
from tasks.task import DataType, Task

ACCEPTS: tuple[DataType, ...] = ("series", "audio", "text", "image", "volume", "sequence")
CAUSAL = True
IGNORES = ("heads", "dilation", "positions")
REDUCTION = 4  # as published


class Bottleneck(Mixer):
    """(B, ..., D) to (B, ..., D), through a quarter as many features."""

    def __init__(self, width: int, *, rank: int, kernel: int, activation: str) -> None:
        super().__init__()
        narrow = max(1, width // REDUCTION)
        self.reduce = nn.Sequential(nn.Linear(width, narrow), activation_of(activation, narrow))
        self.mix = Convolution(narrow, rank=rank, kernel=kernel, activation=activation)
        self.restore = nn.Linear(narrow, width)

    def forward(self, x: Tensor, places: Places = ALL) -> Tensor:
        return self.restore(self.mix(self.reduce(x), places))


def build(task: Task, size: Size, tricks: Tricks) -> Network:
    def layer(index: int) -> Sequence[nn.Module]:
        return [Bottleneck(size.width, rank=axes(task), kernel=size.kernel, activation=tricks.activation)]

    return Network(task, size, tricks, view=grid, layer=layer)
