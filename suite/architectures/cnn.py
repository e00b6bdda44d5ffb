"""Convolutional network (section 7.2): neighbours mix, the same way wherever they are."""

from collections.abc import Sequence

from torch import nn

from suite.nn.convolution import Convolution
from suite.nn.network import Network
from suite.nn.stem import grid
from suite.trial import Size, Tricks
from tasks.task import DataType, Task

ACCEPTS: tuple[DataType, ...] = ("series", "audio", "text", "image", "volume", "sequence")
CAUSAL = True
IGNORES = ("heads", "dilation", "positions")


def build(task: Task, size: Size, tricks: Tricks) -> Network:
    rank = 1 if task.vocabulary else len(task.shape) - 1

    def layer(index: int) -> Sequence[nn.Module]:
        return [Convolution(size.width, rank=rank, kernel=size.kernel, activation=tricks.activation)]

    return Network(task, size, tricks, view=grid, layer=layer)
