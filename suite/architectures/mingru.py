"""Minimal gated recurrent unit (Feng et al. 2024): a gate that the input alone decides, so that it scans in parallel.

Axes: B batch, L length, D features.
"""

from collections.abc import Sequence

from torch import Tensor, nn

from suite.nn.block import Mixer
from suite.nn.network import Network
from suite.nn.places import ALL, Places
from suite.nn.scan import scan
from suite.nn.stem import sequence
from suite.trial import Size, Tricks
from tasks.task import DataType, Task

ACCEPTS: tuple[DataType, ...] = ("series", "audio", "text", "image", "volume", "sequence")
CAUSAL = True
IGNORES = ("heads", "kernel", "dilation", "activation", "positions")


class MinimalGated(Mixer):
    """s_i = (1 - z_i) s_{i-1} + z_i B x_i, z = sigmoid(U x); (B, L, D) to (B, L, D)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.take = nn.Linear(width, 2 * width)  # U above B

    def forward(self, x_BLD: Tensor, places: Places = ALL) -> Tensor:
        renew_BLD, new_BLD = self.take(x_BLD).chunk(2, -1)
        return scan((-renew_BLD).sigmoid(), renew_BLD.sigmoid() * new_BLD)


def build(task: Task, size: Size, tricks: Tricks) -> Network:
    def layer(index: int) -> Sequence[nn.Module]:
        return [MinimalGated(size.width)]

    return Network(task, size, tricks, view=sequence, layer=layer)
