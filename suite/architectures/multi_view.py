"""Multi-view network (section 10, "from theory to practice"): several images of one thing, in no order.

The first axis of a volume counts views. A convolutional network, the same for all, makes one vector of each view;
attention lets the views ask each other; their mean, or whatever the read-out is, knows no order and any number of them.

Axes: B batch, N views, H height, W width, D features.
"""

from collections.abc import Sequence

from torch import Tensor, nn

from suite.nn.attention import SelfAttention
from suite.nn.block import Mixer, Stage
from suite.nn.convolution import Convolution
from suite.nn.feed_forward import feed_forward
from suite.nn.network import Network
from suite.nn.places import ALL, Places
from suite.nn.stem import grid
from suite.trial import Size, Tricks
from tasks.task import DataType, Task

ACCEPTS: tuple[DataType, ...] = ("volume",)
KEEPS_PLACES = False
IGNORES = ("dilation", "positions")


class EachView(Mixer):
    """A mixer of images that every view goes through for itself; (B, N, H, W, D) to the same."""

    def __init__(self, mixer: Mixer) -> None:
        super().__init__()
        self.mixer = mixer

    def forward(self, x_BNHWD: Tensor, places: Places = ALL) -> Tensor:
        return self.mixer(x_BNHWD.flatten(0, 1)).unflatten(0, x_BNHWD.shape[:2])


class Pool(Stage):
    """Each view becomes the mean of its places; (B, N, H, W, D) to (B, N, D)."""

    def forward(self, x_BNHWD: Tensor, places: Places = ALL) -> tuple[Tensor, Places]:
        return x_BNHWD.mean((2, 3)), places


def build(task: Task, size: Size, tricks: Tricks) -> Network:
    def layer(index: int) -> Sequence[nn.Module]:
        image = Convolution(size.width, rank=2, kernel=size.kernel, activation=tricks.activation)
        if index < size.depth - 1:
            return [EachView(image)]
        attention = SelfAttention(size.width, heads=size.heads)
        return [EachView(image), Pool(), attention, feed_forward(size.width, activation=tricks.activation)]

    return Network(task, size, tricks, view=grid, layer=layer)
