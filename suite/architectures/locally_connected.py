"""Locally-connected network (D.7.2): every place mixes with its neighbours, and each in its own way.

A convolution whose weights are not shared: as local, but it does not move with its input. In sequences and planes; a
volume has too many places.
"""

from collections.abc import Sequence
from itertools import product

import torch
from torch import Tensor, nn
from torch.nn import functional

from suite.nn.block import Mixer
from suite.nn.lengths import lengths
from suite.nn.network import Network
from suite.nn.places import ALL, Places
from suite.nn.stem import grid
from suite.trial import Size, Tricks
from suite.tricks.activation import activation as activation_of
from tasks.task import DataType, Task

ACCEPTS: tuple[DataType, ...] = ("series", "audio", "text", "image", "sequence")
CAUSAL = True
IGNORES = ("heads", "dilation", "positions")


class LocallyConnected(Mixer):
    """A filter of its own for each place, then the nonlinearity; (B, ..., D) to (B, ..., D).

    It is made for so many places as there can be along each axis, and takes fewer. `weight` is (kernel ** axes,
    *lengths, D, D), with the filter's places in reading order.
    """

    def __init__(self, lengths: Sequence[int], width: int, *, kernel: int, activation: str) -> None:
        super().__init__()
        self.kernel = kernel
        self.weight = nn.Parameter(torch.empty(kernel ** len(lengths), *lengths, width, width))
        self.bias = nn.Parameter(torch.empty(*lengths, width))
        self.activation = activation_of(activation, width)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        bound = (len(self.weight) * self.weight.shape[-1]) ** -0.5  # as a convolution of torch
        nn.init.uniform_(self.weight, -bound, bound)
        nn.init.uniform_(self.bias, -bound, bound)

    def forward(self, x: Tensor, places: Places = ALL) -> Tensor:
        lengths = x.shape[1:-1]
        reach = self.kernel - 1
        before = reach if places.causal else reach // 2
        padded = functional.pad(places.hide(x), (0, 0, *(before, reach - before) * len(lengths)))
        here = tuple(slice(length) for length in lengths)
        y_PBD = self.bias[here].flatten(0, -2).unsqueeze(1)  # places in front, because each has weights of its own
        for weight, offset in zip(self.weight, product(range(self.kernel), repeat=len(lengths)), strict=True):
            near = tuple(slice(start, start + length) for start, length in zip(offset, lengths, strict=True))
            y_PBD = torch.baddbmm(y_PBD, padded[:, *near].flatten(1, -2).transpose(0, 1), weight[here].flatten(0, -3))
        return self.activation(y_PBD.transpose(0, 1).unflatten(1, lengths))


def build(task: Task, size: Size, tricks: Tricks) -> Network:
    def layer(index: int) -> Sequence[nn.Module]:
        places = lengths(task, size)
        return [LocallyConnected(places, size.width, kernel=size.kernel, activation=tricks.activation)]

    return Network(task, size, tricks, view=grid, layer=layer)
