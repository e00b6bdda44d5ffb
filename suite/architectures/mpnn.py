"""Message passing network (E.12.11; Gilmer et al. 2017): messages know both ends and the edge, and are added up."""

from collections.abc import Sequence

from torch import nn

from suite.nn.messages import MessagePassing
from suite.nn.network import Network
from suite.nn.stem import grid
from suite.trial import Size, Tricks
from tasks.task import DataType, Task

ACCEPTS: tuple[DataType, ...] = ("graph",)
IGNORES = ("patch", "heads", "kernel", "dilation", "positions")


def build(task: Task, size: Size, tricks: Tricks) -> Network:
    def layer(index: int) -> Sequence[nn.Module]:
        return [MessagePassing(size.width, task.edges, activation=tricks.activation)]

    return Network(task, size, tricks, view=grid, layer=layer)
