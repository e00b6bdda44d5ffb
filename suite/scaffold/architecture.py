"""Means: each place learns from itself and from the mean of all it may look at. Say here who published it.

Axes: B batch, L places, D features.
"""

from collections.abc import Sequence

from torch import Tensor, nn

from suite.nn.block import Mixer
from suite.nn.network import Network
from suite.nn.places import ALL, Places
from suite.nn.stem import sequence
from suite.trial import Size, Tricks
from suite.tricks.activation import activation as activation_of
from tasks.task import DataType, Task

ACCEPTS: tuple[DataType, ...] = ("series", "audio", "text", "image", "volume", "sequence")
CAUSAL = True  # nothing that comes after a place reaches it
IGNORES = ("heads", "kernel", "dilation")  # settings that change nothing here; a test finds out


class Means(Mixer):
    """y_i = C phi(A x_i + B mean_j x_j) over the places j that i may look at; (B, L, D) to (B, L, D)."""

    def __init__(self, width: int, *, activation: str) -> None:
        super().__init__()
        self.own = nn.Linear(width, width)
        self.others = nn.Linear(width, width, bias=False)
        self.activation = activation_of(activation, width)
        self.give = nn.Linear(width, width)

    def forward(self, x_BLD: Tensor, places: Places = ALL) -> Tensor:
        """How places exchange information: this is what makes an architecture; all else is done around it."""
        return self.give(self.activation(self.own(x_BLD) + self.others(mean(x_BLD, places))))


def mean(x_BLD: Tensor, places: Places) -> Tensor:
    """Of the places that each may look at: not past the end of an example, and not ahead where a task forbids it."""
    allowed = places.may_look(x_BLD.shape[1])
    if allowed is None:
        return x_BLD.mean(1, keepdim=True)
    share = allowed.to(x_BLD.dtype).reshape(-1, *allowed.shape[-2:])
    return (share / share.sum(-1, keepdim=True)) @ x_BLD


def build(task: Task, size: Size, tricks: Tricks) -> Network:
    def layer(index: int) -> Sequence[nn.Module]:
        return [Means(size.width, activation=tricks.activation)]

    return Network(task, size, tricks, view=sequence, layer=layer, positions=True)
