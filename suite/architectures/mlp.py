"""Multilayer perceptron (D.5.2): the whole example at once, with no notion of place."""

from collections.abc import Sequence

from torch import nn

from suite.nn.network import Network
from suite.nn.stem import vector
from suite.trial import Size, Tricks
from tasks.task import DataType, Task

ACCEPTS: tuple[DataType, ...] = ("tabular", "series", "image")


def build(task: Task, size: Size, tricks: Tricks) -> Network:
    def layer(index: int) -> Sequence[nn.Module]:
        return [nn.Sequential(nn.Linear(size.width, size.width), nn.GELU())]

    return Network(task, size, tricks, view=vector, layer=layer)
