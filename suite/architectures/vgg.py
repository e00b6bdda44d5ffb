"""VGG-style network (section 7.2; Simonyan and Zisserman 2015): convolutions, and a max-pool after every second one.

Features do not double where the places are halved, because the width is the same everywhere here.
"""

from collections.abc import Sequence

from torch import nn

from suite.nn.convolution import Convolution, axes
from suite.nn.network import Network
from suite.nn.pooling import MaxPool
from suite.nn.stem import grid
from suite.trial import Size, Tricks
from tasks.task import DataType, Task

ACCEPTS: tuple[DataType, ...] = ("series", "audio", "text", "image", "volume", "sequence")
KEEPS_PLACES = False
IGNORES = ("heads", "dilation", "positions")
PER_STAGE = 2  # convolutions before each max-pool


def build(task: Task, size: Size, tricks: Tricks) -> Network:
    def layer(index: int) -> Sequence[nn.Module]:
        conv = Convolution(size.width, rank=axes(task), kernel=size.kernel, activation=tricks.activation)
        return [conv, MaxPool()] if index % PER_STAGE == PER_STAGE - 1 else [conv]

    return Network(task, size, tricks, view=grid, layer=layer)
