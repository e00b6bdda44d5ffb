"""Bidirectional recurrent network (section 13.2.1): two gated units read the example, one from each end.

Axes: B batch, L length, D features.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from suite.nn.block import Mixer
from suite.nn.network import Network
from suite.nn.places import ALL, Places
from suite.nn.stem import sequence
from suite.trial import Size, Tricks
from tasks.task import DataType, Task

ACCEPTS: tuple[DataType, ...] = ("series", "audio", "text", "image", "volume", "sequence")
IGNORES = ("heads", "kernel", "dilation", "activation", "positions")


class BothWays(Mixer):
    """The states of both readings at a place, mapped back to one width; (B, L, D) to (B, L, D)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.forwards = nn.GRU(width, width, batch_first=True)
        self.backwards = nn.GRU(width, width, batch_first=True)
        self.join = nn.Linear(2 * width, width)

    def forward(self, x_BLD: Tensor, places: Places = ALL) -> Tensor:
        ahead_BLD, _ = self.forwards(x_BLD)
        back_BLD, _ = self.backwards(turned(x_BLD, places.present))
        return self.join(torch.cat([ahead_BLD, turned(back_BLD, places.present)], -1))


def turned(x_BLD: Tensor, present_BL: Tensor | None) -> Tensor:
    """The places that are there in the opposite order, those past the end where they are; twice is the identity."""
    if present_BL is None:
        return x_BLD.flip(1)
    place_L, length_B1 = torch.arange(x_BLD.shape[1]), present_BL.sum(1, keepdim=True)
    source_BL = torch.where(place_L < length_B1, length_B1 - 1 - place_L, place_L)
    return x_BLD.gather(1, source_BL[..., None].expand_as(x_BLD))


def build(task: Task, size: Size, tricks: Tricks) -> Network:
    def layer(index: int) -> Sequence[nn.Module]:
        return [BothWays(size.width)]

    return Network(task, size, tricks, view=sequence, layer=layer)
