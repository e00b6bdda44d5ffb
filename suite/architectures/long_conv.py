"""Long, continuous convolution (section 10.1.1; CKConv, Romero et al. 2022): a filter as long as the example.

The filter is a function of the distance between two places, and a small network computes it. So its weights do not
count places, and it sees everything in one layer. In a causal task distances are not negative.

Axes: B batch, L places, D features, T distances, P waves.
"""

from collections.abc import Sequence
from math import pi

import torch
from torch import Tensor, nn

from suite.nn.block import Mixer
from suite.nn.lengths import length
from suite.nn.long_convolution import long_convolution
from suite.nn.network import Network
from suite.nn.places import ALL, Places
from suite.nn.stem import sequence
from suite.trial import Size, Tricks
from suite.tricks.activation import activation as activation_of
from tasks.task import DataType, Task

ACCEPTS: tuple[DataType, ...] = ("series", "audio", "text", "image", "volume", "sequence", "multimodal")
CAUSAL = True
IGNORES = ("heads", "kernel", "dilation", "positions")
WAVES = 16  # sines and cosines of the distance that the filter's network is given; the k-th has k half-waves in all
HIDDEN = 32  # units of that network


class LongConvolution(Mixer):
    """Filter feature by feature, then a nonlinearity and a map of each place's features; (B, L, D) to (B, L, D)."""

    def __init__(self, places: int, width: int, *, activation: str) -> None:
        super().__init__()
        self.places = places
        self.filter = nn.Sequential(
            nn.Linear(2 * WAVES + 1, HIDDEN), activation_of(activation, HIDDEN), nn.Linear(HIDDEN, width)
        )
        self.think = nn.Sequential(activation_of(activation, width), nn.Linear(width, width))

    def kernel(self, distances_T: Tensor) -> Tensor:
        """What a place gets from one so many places before it; (T,) to (T, D). Scaled so that sums stay small."""
        part_T1 = (distances_T / self.places)[:, None]
        angles_TP = pi * part_T1 * torch.arange(1, WAVES + 1)
        return self.filter(torch.cat([part_T1, angles_TP.sin(), angles_TP.cos()], -1)) * self.places**-0.5

    def forward(self, x_BLD: Tensor, places: Places = ALL) -> Tensor:
        x_BLD, distances_L = places.hide(x_BLD), torch.arange(x_BLD.shape[1], dtype=x_BLD.dtype)
        y_BLD = long_convolution(x_BLD, self.kernel(distances_L))
        if not places.causal:
            ahead_LD = self.kernel(-distances_L) * (distances_L > 0)[:, None]  # the place itself is in the sum already
            y_BLD = y_BLD + long_convolution(x_BLD.flip(1), ahead_LD).flip(1)
        return self.think(y_BLD)


def build(task: Task, size: Size, tricks: Tricks) -> Network:
    def layer(index: int) -> Sequence[nn.Module]:
        return [LongConvolution(length(task, size), size.width, activation=tricks.activation)]

    return Network(task, size, tricks, view=sequence, layer=layer)
