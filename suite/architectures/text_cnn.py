"""TextCNN (C.8.2; Kim 2014): filters of several sizes side by side, and of each feature the largest value anywhere.

In one layer it is the published network. More layers go between, each with filters of all sizes.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from suite.nn.block import Mixer
from suite.nn.convolution import Filter
from suite.nn.network import Network
from suite.nn.places import ALL, Places
from suite.nn.stem import sequence
from suite.trial import Size, Tricks
from suite.tricks.activation import activation as activation_of
from tasks.task import DataType, Task

ACCEPTS: tuple[DataType, ...] = ("series", "audio", "text", "sequence")
CAUSAL = True
IGNORES = ("heads", "kernel", "dilation", "positions", "readout")
KERNELS = (3, 4, 5)  # as published


class Parallel(Mixer):
    """A share of the features from filters of each size, then the nonlinearity; (B, L, D) to (B, L, D)."""

    def __init__(self, width: int, *, activation: str) -> None:
        super().__init__()
        if width < len(KERNELS):
            raise ValueError(f"width {width} is less than {len(KERNELS)}, the sizes of filters")
        shares = [len(share) for share in torch.arange(width).tensor_split(len(KERNELS))]
        self.filters = nn.ModuleList(
            Filter(width, rank=1, kernel=kernel, out=share) for kernel, share in zip(KERNELS, shares, strict=True)
        )
        self.activation = activation_of(activation, width)

    def forward(self, x_BLD: Tensor, places: Places = ALL) -> Tensor:
        return self.activation(torch.cat([each(x_BLD, places) for each in self.filters], -1))


def build(task: Task, size: Size, tricks: Tricks) -> Network:
    def layer(index: int) -> Sequence[nn.Module]:
        return [Parallel(size.width, activation=tricks.activation)]

    return Network(task, size, tricks, view=sequence, layer=layer, read="max")
