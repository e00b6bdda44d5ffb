"""Token shift (section 11.3; S2-MLP, Yu et al. 2022): places mix by moving groups of features to neighbours.

The moves themselves have no weight. There is a group for each place that a convolution would see along an axis, so that
one group stays where it is, as in AS-MLP (Lian et al. 2022). In a causal task all move forward.
"""

from collections.abc import Sequence

from torch import Tensor, nn

from suite.nn.block import Mixer
from suite.nn.feed_forward import feed_forward
from suite.nn.network import Network
from suite.nn.places import ALL, Places
from suite.nn.shift import shifted
from suite.nn.stem import grid
from suite.trial import Size, Tricks
from suite.tricks.activation import activation as activation_of
from tasks.task import DataType, Task

ACCEPTS: tuple[DataType, ...] = ("series", "audio", "text", "image", "volume", "sequence")
CAUSAL = True
IGNORES = ("heads", "dilation", "positions")


class Shift(Mixer):
    """A linear map and a nonlinearity, the shifts, another linear map; (B, ..., D) to (B, ..., D)."""

    def __init__(self, width: int, *, kernel: int, activation: str) -> None:
        super().__init__()
        self.kernel = kernel
        self.before = nn.Sequential(nn.Linear(width, width), activation_of(activation, width))
        self.after = nn.Linear(width, width)

    def forward(self, x: Tensor, places: Places = ALL) -> Tensor:
        return self.after(shifted(places.hide(self.before(x)), self.kernel, causal=places.causal))


def build(task: Task, size: Size, tricks: Tricks) -> Network:
    def layer(index: int) -> Sequence[nn.Module]:
        mixer = Shift(size.width, kernel=size.kernel, activation=tricks.activation)
        return [mixer, feed_forward(size.width, activation=tricks.activation)]

    return Network(task, size, tricks, view=grid, layer=layer)
