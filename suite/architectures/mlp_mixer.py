"""MLP-Mixer (E.11.9-10; Tolstikhin et al. 2021): an MLP across places, then one across features.

Axes: B batch, L places, D features.
"""

from collections.abc import Sequence

from torch import Tensor, nn

from suite.nn.across import Across
from suite.nn.block import Mixer
from suite.nn.feed_forward import feed_forward
from suite.nn.lengths import length
from suite.nn.network import Network
from suite.nn.places import ALL, Places
from suite.nn.stem import sequence
from suite.trial import Size, Tricks
from suite.tricks.activation import activation as activation_of
from tasks.task import DataType, Task

ACCEPTS: tuple[DataType, ...] = ("tabular", "series", "audio", "text", "image", "volume", "sequence", "multimodal")
IGNORES = ("heads", "kernel", "dilation", "positions")


class AcrossPlaces(Mixer):
    """An MLP from all places to all places with half as many hidden features as there are others, D, as published.

    (B, L, D) to (B, L, D).
    """

    def __init__(self, places: int, width: int, *, activation: str) -> None:
        super().__init__()
        hidden = max(1, width // 2)
        self.first, self.second = Across(places, hidden), Across(hidden, places)
        self.activation = activation_of(activation, hidden)

    def forward(self, x_BLD: Tensor, places: Places = ALL) -> Tensor:
        hidden_BDM = self.activation(self.first(x_BLD, places).mT)
        return self.second(hidden_BDM.mT)[:, : x_BLD.shape[1]]


def build(task: Task, size: Size, tricks: Tricks) -> Network:
    def layer(index: int) -> Sequence[nn.Module]:
        across = AcrossPlaces(length(task, size), size.width, activation=tricks.activation)
        return [across, feed_forward(size.width, activation=tricks.activation)]

    return Network(task, size, tricks, view=sequence, layer=layer)
