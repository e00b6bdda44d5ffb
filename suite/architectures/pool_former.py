"""PoolFormer (section 11.3; Yu et al. 2022): a transformer whose places see the average of their neighbours.

What a place has itself is taken away from the average, because the residual path brings it.
"""

from collections.abc import Sequence

from torch import Tensor, nn

from suite.nn.feed_forward import feed_forward
from suite.nn.network import Network
from suite.nn.places import ALL, Places
from suite.nn.pooling import MeanPool
from suite.nn.stem import grid
from suite.trial import Size, Tricks
from tasks.task import DataType, Task

ACCEPTS: tuple[DataType, ...] = ("series", "audio", "text", "image", "volume", "sequence")
CAUSAL = True
IGNORES = ("heads", "dilation", "positions")


class Difference(MeanPool):
    """The mean of the neighbourhood, less the place itself; (B, ..., D) to (B, ..., D)."""

    def forward(self, x: Tensor, places: Places = ALL) -> Tensor:
        return super().forward(x, places) - x


def build(task: Task, size: Size, tricks: Tricks) -> Network:
    def layer(index: int) -> Sequence[nn.Module]:
        return [Difference(size.kernel), feed_forward(size.width, activation=tricks.activation)]

    return Network(task, size, tricks, view=grid, layer=layer)
