"""All convolutional network (section 7.2; Springenberg et al. 2015): VGG with strided convolutions for its max-pools.

Features do not double where the places are halved, because the width is the same everywhere here.
"""

from collections.abc import Sequence

from torch import nn

from suite.nn.convolution import Convolution, axes
from suite.nn.network import Network
from suite.nn.stem import grid
from suite.nn.stride import Strided
from suite.trial import Size, Tricks
from tasks.task import DataType, Task

ACCEPTS: tuple[DataType, ...] = ("series", "audio", "text", "image", "volume", "sequence")
KEEPS_PLACES = False
IGNORES = ("heads", "dilation", "positions")
PER_STAGE = 2  # convolutions before each strided one


def build(task: Task, size: Size, tricks: Tricks) -> Network:
    rank = axes(task)

    def layer(index: int) -> Sequence[nn.Module]:
        conv = Convolution(size.width, rank=rank, kernel=size.kernel, activation=tricks.activation)
        if index % PER_STAGE != PER_STAGE - 1:
            return [conv]
        return [conv, Strided(size.width, rank=rank, kernel=size.kernel, activation=tricks.activation)]

    return Network(task, size, tricks, view=grid, layer=layer)
