"""gMLP (section 11.3; Liu et al. 2021): half of the features of all places, mixed across places, gate the other half.

The norm inside the published gate is left out, because norms act in the shared block only.

Axes: B batch, L places, D features, E inner features.
"""

from collections.abc import Sequence

from torch import Tensor, nn

from suite.nn.across import Across
from suite.nn.block import Mixer
from suite.nn.lengths import length
from suite.nn.network import Network
from suite.nn.places import ALL, Places
from suite.nn.stem import sequence
from suite.trial import Size, Tricks
from suite.tricks.activation import activation as activation_of
from tasks.task import DataType, Task

ACCEPTS: tuple[DataType, ...] = ("tabular", "series", "audio", "text", "image", "volume", "sequence", "multimodal")
CAUSAL = True
IGNORES = ("heads", "kernel", "dilation", "positions")
EXPANSION = 4  # inner features for each outer one; half of them gate the others
SPREAD = 1e-3  # of the weights across places at the start, which is to be close to zero


class Gate(Across):
    """A map across places that starts close to one everywhere, so that the gate is open, as published."""

    def reset_parameters(self) -> None:
        nn.init.uniform_(self.weight, -SPREAD, SPREAD)
        nn.init.ones_(self.bias)


class SpatialGating(Mixer):
    """Widen, gate one half with the other, narrow; (B, L, D) to (B, L, D)."""

    def __init__(self, places: int, width: int, *, activation: str) -> None:
        super().__init__()
        wide = EXPANSION * width
        self.widen = nn.Sequential(nn.Linear(width, wide), activation_of(activation, wide))
        self.gate = Gate(places, places)
        self.narrow = nn.Linear(wide // 2, width)

    def forward(self, x_BLD: Tensor, places: Places = ALL) -> Tensor:
        gated_BLE, gating_BLE = self.widen(x_BLD).chunk(2, -1)
        return self.narrow(gated_BLE * self.gate(gating_BLE, places)[:, : x_BLD.shape[1]])


def build(task: Task, size: Size, tricks: Tricks) -> Network:
    def layer(index: int) -> Sequence[nn.Module]:
        return [SpatialGating(length(task, size), size.width, activation=tricks.activation)]

    return Network(task, size, tricks, view=sequence, layer=layer)
