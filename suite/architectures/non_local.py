"""Non-local network (section 10.1.1; Wang et al. 2018): a convolution, then a block through which a place sees all."""

from collections.abc import Sequence

from torch import nn

from suite.nn.convolution import Convolution, axes
from suite.nn.network import Network
from suite.nn.non_local import NonLocal
from suite.nn.stem import grid
from suite.trial import Size, Tricks
from tasks.task import DataType, Task

ACCEPTS: tuple[DataType, ...] = ("series", "audio", "image", "volume")
IGNORES = ("heads", "dilation", "positions")


def build(task: Task, size: Size, tricks: Tricks) -> Network:
    def layer(index: int) -> Sequence[nn.Module]:
        conv = Convolution(size.width, rank=axes(task), kernel=size.kernel, activation=tricks.activation)
        return [conv, NonLocal(size.width)]

    return Network(task, size, tricks, view=grid, layer=layer)
