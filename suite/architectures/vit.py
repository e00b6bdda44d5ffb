"""Vision transformer (C.11.2; Dosovitskiy et al. 2021): patches in a row, and a class token in front that is read.

Registers (section 10.3.2; Darcet et al. 2024) are further tokens that stand for nothing and are read by nobody: room to
compute in.

Axes: B batch, L places, D features.
"""

from collections.abc import Sequence
from dataclasses import replace

import torch
from torch import Tensor, nn
from torch.nn import functional

from suite.nn.attention import SelfAttention
from suite.nn.block import Stage
from suite.nn.feed_forward import feed_forward
from suite.nn.network import Network
from suite.nn.places import ALL, Places
from suite.nn.stem import sequence
from suite.trial import Size, Tricks
from tasks.task import DataType, Task

ACCEPTS: tuple[DataType, ...] = ("series", "audio", "text", "image", "volume")
KEEPS_PLACES = False
IGNORES = ("kernel", "dilation", "readout")
REGISTERS = 4  # Darcet et al. 2024


class Tokens(Stage):
    """The class token and the registers, learned, before all other places; (B, L, D) to (B, 1 + R + L, D)."""

    def __init__(self, width: int, *, registers: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(1 + registers, width))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        nn.init.normal_(self.weight)  # as an embedding

    def forward(self, x_BLD: Tensor, places: Places = ALL) -> tuple[Tensor, Places]:
        x_BLD = torch.cat([self.weight.expand(len(x_BLD), -1, -1), x_BLD], 1)
        if places.present is None:
            return x_BLD, places
        return x_BLD, replace(places, present=functional.pad(places.present, (len(self.weight), 0), value=True))


def build(task: Task, size: Size, tricks: Tricks) -> Network:
    def layer(index: int) -> Sequence[nn.Module]:
        attention = SelfAttention(size.width, heads=size.heads, positions=tricks.positions)
        mixers = [attention, feed_forward(size.width, activation=tricks.activation)]
        return [Tokens(size.width, registers=REGISTERS), *mixers] if index == 0 else mixers

    return Network(task, size, tricks, view=sequence, layer=layer, positions=True, read="first")
