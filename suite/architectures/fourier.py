"""FNet (section 11.3; Lee-Thorp et al. 2022): a transformer whose places mix by the Fourier transform alone.

Axes: B batch, L places, D features.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from suite.nn.block import Mixer
from suite.nn.feed_forward import feed_forward
from suite.nn.lengths import length
from suite.nn.network import Network
from suite.nn.places import ALL, Places
from suite.nn.stem import sequence
from suite.trial import Size, Tricks
from tasks.task import DataType, Task

ACCEPTS: tuple[DataType, ...] = ("tabular", "series", "audio", "text", "image", "volume", "sequence", "multimodal")
IGNORES = ("heads", "kernel", "dilation")


class Fourier(Mixer):
    """The real part of the transform along places and features; (B, L, D) to (B, L, D).

    It is scaled to keep lengths, which the published one leaves to the norm after it. The transform is always over as
    many places as there can be, so that missing ones at the end change nothing.
    """

    def __init__(self, places: int) -> None:
        super().__init__()
        self.places = places

    def forward(self, x_BLD: Tensor, places: Places = ALL) -> Tensor:
        size = (self.places, x_BLD.shape[-1])
        return torch.fft.fft2(places.hide(x_BLD), size, norm="ortho").real[:, : x_BLD.shape[1]]


def build(task: Task, size: Size, tricks: Tricks) -> Network:
    def layer(index: int) -> Sequence[nn.Module]:
        return [Fourier(length(task, size)), feed_forward(size.width, activation=tricks.activation)]

    return Network(task, size, tricks, view=sequence, layer=layer, positions=True)
