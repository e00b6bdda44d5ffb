"""ConvNeXt (section 9.4.1; Liu et al. 2022): a large filter for each feature, then many features inside, few outside.

The book calls it ResNeXt. Its norm stands before the filter here, where that of the shared block is, and not after it.
"""

from collections.abc import Sequence

from torch import Tensor, nn

from suite.nn.block import Mixer
from suite.nn.convolution import Filter, axes
from suite.nn.feed_forward import feed_forward
from suite.nn.network import Network
from suite.nn.places import ALL, Places
from suite.nn.stem import grid
from suite.trial import Size, Tricks
from tasks.task import DataType, Task

ACCEPTS: tuple[DataType, ...] = ("series", "audio", "text", "image", "volume", "sequence")
CAUSAL = True
IGNORES = ("heads", "kernel", "dilation", "positions")
KERNEL = 7  # as published


class Inverted(Mixer):
    """A depthwise filter and an inverted bottleneck on one residual path; (B, ..., D) to (B, ..., D)."""

    def __init__(self, width: int, *, rank: int, activation: str) -> None:
        super().__init__()
        self.mix = Filter(width, rank=rank, kernel=KERNEL, groups=width)
        self.think = feed_forward(width, activation=activation)

    def forward(self, x: Tensor, places: Places = ALL) -> Tensor:
        return self.think(self.mix(x, places))


def build(task: Task, size: Size, tricks: Tricks) -> Network:
    def layer(index: int) -> Sequence[nn.Module]:
        return [Inverted(size.width, rank=axes(task), activation=tricks.activation)]

    return Network(task, size, tricks, view=grid, layer=layer)
