"""Echo state network (section 13.2.2; Jaeger 2001): a recurrence that is never trained, and a read-out that is.

Gradients pass through the fixed recurrence to what stands before it, but change nothing of it.

Axes: B batch, L length, D features.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

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
RADIUS = 0.95  # the largest |eigenvalue| of the recurrence; below 1, so that the state forgets how it began


class Reservoir(Mixer):
    """s_i = tanh(A s_{i-1} + B x_i) with fixed A and B, y_i = C s_i with a learned C; (B, L, D) to (B, L, D)."""

    carry: Tensor
    take: Tensor

    def __init__(self, width: int, *, truncate: int = 0) -> None:
        super().__init__()
        self.truncate = truncate
        self.register_buffer("carry", torch.empty(width, width))
        self.register_buffer("take", torch.empty(width, width))
        self.give = nn.Linear(width, width)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        nn.init.normal_(self.carry)
        self.carry.mul_(RADIUS / torch.linalg.eigvals(self.carry).abs().max())
        nn.init.normal_(self.take, std=self.take.shape[1] ** -0.5)

    def forward(self, x_BLD: Tensor, places: Places = ALL) -> Tensor:
        taken_BLD = functional.linear(x_BLD, self.take)
        return self.give(unroll(self._step, taken_BLD, x_BLD.shape[-1], truncate=self.truncate))

    def _step(self, state_BD: Tensor, taken_BD: Tensor) -> Tensor:
        return (functional.linear(state_BD, self.carry) + taken_BD).tanh()


def build(task: Task, size: Size, tricks: Tricks) -> Network:
    def layer(index: int) -> Sequence[nn.Module]:
        return [Reservoir(size.width, truncate=tricks.truncate)]

    return Network(task, size, tricks, view=sequence, layer=layer)
