"""Long short-term memory (section 13.2.3; Hochreiter and Schmidhuber 1997): a memory that gates write, keep and read.

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


class Memory(Mixer):
    """All outputs h_i of one LSTM; (B, L, D) to (B, L, D). Gates stand in torch's order; one bias does for its two.

    c_i = f c_{i-1} + w tanh(n), h_i = r tanh(c_i), with gates w, f, r = sigmoid of the same map as n.
    """

    def __init__(self, width: int, *, truncate: int = 0) -> None:
        super().__init__()
        self.truncate = truncate
        self.take = nn.Linear(width, 4 * width)
        self.carry = nn.Linear(width, 4 * width, bias=False)

    def forward(self, x_BLD: Tensor, places: Places = ALL) -> Tensor:
        width = x_BLD.shape[-1]
        return unroll(self._step, self.take(x_BLD), 2 * width, truncate=self.truncate)[..., :width]

    def _step(self, state_BS: Tensor, taken_BE: Tensor) -> Tensor:
        output_BD, memory_BD = state_BS.chunk(2, -1)
        write, keep, new, read = (self.carry(output_BD) + taken_BE).chunk(4, -1)
        memory_BD = keep.sigmoid() * memory_BD + write.sigmoid() * new.tanh()
        return torch.cat([read.sigmoid() * memory_BD.tanh(), memory_BD], -1)


def build(task: Task, size: Size, tricks: Tricks) -> Network:
    def layer(index: int) -> Sequence[nn.Module]:
        return [Memory(size.width, truncate=tricks.truncate)]

    return Network(task, size, tricks, view=sequence, layer=layer)
