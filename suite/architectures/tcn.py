"""Temporal convolutional network (sections 8.2.3, 8.3; Bai et al. 2018): causal filters, farther apart in every layer.

Neighbours are dilation ** i places apart in layer i, as in WaveNet, so that the receptive field is exponential in the
depth: 1 + (kernel - 1) (2 ** depth - 1) for a dilation of 2. It never looks ahead, also where the task would let it.
"""

from collections.abc import Sequence

from torch import nn

from suite.nn.convolution import Convolution
from suite.nn.network import Network
from suite.nn.stem import sequence
from suite.trial import Size, Tricks
from tasks.task import DataType, Task

ACCEPTS: tuple[DataType, ...] = ("series", "audio", "text", "image", "volume", "sequence")
CAUSAL = True
IGNORES = ("heads", "positions")


def build(task: Task, size: Size, tricks: Tricks) -> Network:
    def layer(index: int) -> Sequence[nn.Module]:
        return [
            Convolution(
                size.width,
                rank=1,
                kernel=size.kernel,
                dilation=size.dilation**index,
                causal=True,
                activation=tricks.activation,
            )
        ]

    return Network(task, size, tricks, view=sequence, layer=layer)
