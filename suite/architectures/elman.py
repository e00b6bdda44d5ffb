"""Vanilla recurrent network, or Elman's (D.13.2): one dense map of state and input, bent, is the next state.

Axes: B batch, L length, D features.
"""

from collections.abc import Sequence

from torch import Tensor, nn

from suite.nn.block import Mixer
from suite.nn.network import Network
from suite.nn.places import ALL, Places
from suite.nn.recurrence import unroll
from suite.nn.stem import sequence
from suite.trial import Size, Tricks
from suite.tricks.activation import activation as activation_of
from tasks.task import DataType, Task

ACCEPTS: tuple[DataType, ...] = ("series", "audio", "text", "image", "volume", "sequence")
CAUSAL = True
UNROLLS = True
IGNORES = ("heads", "kernel", "dilation", "positions")


class Elman(Mixer):
    """s_i = phi(A s_{i-1} + B x_i), y_i = C s_i + D x_i (C.13.1); (B, L, D) to (B, L, D)."""

    def __init__(self, width: int, *, activation: str, truncate: int = 0) -> None:
        super().__init__()
        self.truncate = truncate
        self.carry = nn.Linear(width, width, bias=False)
        self.take = nn.Linear(width, width)
        self.give = nn.Linear(width, width)
        self.skip = nn.Linear(width, width, bias=False)
        self.activation = activation_of(activation, width)

    def forward(self, x_BLD: Tensor, places: Places = ALL) -> Tensor:
        states_BLD = unroll(self._step, self.take(x_BLD), x_BLD.shape[-1], truncate=self.truncate)
        return self.give(states_BLD) + self.skip(x_BLD)

    def _step(self, state_BD: Tensor, taken_BD: Tensor) -> Tensor:
        return self.activation(self.carry(state_BD) + taken_BD)


def build(task: Task, size: Size, tricks: Tricks) -> Network:
    def layer(index: int) -> Sequence[nn.Module]:
        return [Elman(size.width, activation=tricks.activation, truncate=tricks.truncate)]

    return Network(task, size, tricks, view=sequence, layer=layer)
