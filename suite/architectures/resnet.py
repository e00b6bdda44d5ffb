"""Residual network (section 9.4.1; He et al. 2016): two filters with a nonlinearity between, inside each residual path.

The path is normalized once, at its beginning, by the block that all architectures share.
"""

from collections.abc import Sequence

from torch import Tensor, nn

from suite.nn.block import Mixer
from suite.nn.convolution import Convolution, Filter, axes
from suite.nn.network import Network
from suite.nn.places import ALL, Places
from suite.nn.stem import grid
from suite.trial import Size, Tricks
from tasks.task import DataType, Task

ACCEPTS: tuple[DataType, ...] = ("series", "audio", "text", "image", "volume", "sequence")
CAUSAL = True
IGNORES = ("heads", "dilation", "positions")


class Basic(Mixer):
    """Filter, nonlinearity, filter; (B, ..., D) to (B, ..., D)."""

    def __init__(self, width: int, *, rank: int, kernel: int, activation: str) -> None:
        super().__init__()
        self.first = Convolution(width, rank=rank, kernel=kernel, activation=activation)
        self.second = Filter(width, rank=rank, kernel=kernel)

    def forward(self, x: Tensor, places: Places = ALL) -> Tensor:
        return self.second(self.first(x, places), places)


def build(task: Task, size: Size, tricks: Tricks) -> Network:
    def layer(index: int) -> Sequence[nn.Module]:
        return [Basic(size.width, rank=axes(task), kernel=size.kernel, activation=tricks.activation)]

    return Network(task, size, tricks, view=grid, layer=layer)
