"""Light gated recurrent unit (section 13.2.3; Ravanelli et al. 2018): one gate says how much of the state is renewed.

The published cell has batch normalization inside; here norm belongs to the block, where all architectures have it.
Its nonlinearity is the ReLU, by definition.

Axes: B batch, L length, D features.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from suite.nn.block import Mixer
from suite.nn.network import Network
from suite.nn.places import ALL, Places
from suite.nn.recurrence import unroll
from suite.nn.stem import sequence
from suite.trial import Size, Tricks
from tasks.task import DataType, Task

ACCEPTS: tuple[DataType, ...] = ("series", "audio", "text", "image", "volume", "sequence")
CAUSAL = True
UNROLLS = True
IGNORES = ("heads", "kernel", "dilation", "activation", "positions")


class LightGated(Mixer):
    """s_i = g s_{i-1} + (1 - g) relu(A s_{i-1} + B x_i), g = sigmoid(V s_{i-1} + U x_i); (B, L, D) to (B, L, D)."""

    def __init__(self, width: int, *, truncate: int = 0) -> None:
        super().__init__()
        self.truncate = truncate
        self.take = nn.Linear(width, 2 * width)  # U above B
        self.carry = nn.Linear(width, 2 * width, bias=False)  # V above A

    def forward(self, x_BLD: Tensor, places: Places = ALL) -> Tensor:
        return unroll(self._step, self.take(x_BLD), x_BLD.shape[-1], truncate=self.truncate)

    def _step(self, state_BD: Tensor, taken_BE: Tensor) -> Tensor:
        keep, new = (self.carry(state_BD) + taken_BE).chunk(2, -1)
        return torch.lerp(new.relu(), state_BD, keep.sigmoid())


def build(task: Task, size: Size, tricks: Tricks) -> Network:
    def layer(index: int) -> Sequence[nn.Module]:
        return [LightGated(size.width, truncate=tricks.truncate)]

    return Network(task, size, tricks, view=sequence, layer=layer)
