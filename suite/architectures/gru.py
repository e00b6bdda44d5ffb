"""Gated recurrent unit (section 13.2): the example read in order, one state carried along."""

from collections.abc import Sequence

from torch import Tensor, nn

from suite.nn.block import Mixer
from suite.nn.network import Network
from suite.nn.places import ALL, Places
from suite.nn.stem import sequence
from suite.trial import Size, Tricks
from tasks.task import DataType, Task

ACCEPTS: tuple[DataType, ...] = ("series", "audio", "text", "image", "volume", "sequence")
CAUSAL = True
IGNORES = ("heads", "kernel", "dilation", "activation", "positions")


class Recurrence(Mixer):
    """All states of one GRU; (B, L, D) to (B, L, D). What comes after a place cannot change its state."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.gru = nn.GRU(width, width, batch_first=True)

    def forward(self, x_BLD: Tensor, places: Places = ALL) -> Tensor:
        states_BLD, _ = self.gru(x_BLD)
        return states_BLD


def build(task: Task, size: Size, tricks: Tricks) -> Network:
    def layer(index: int) -> Sequence[nn.Module]:
        return [Recurrence(size.width)]

    return Network(task, size, tricks, view=sequence, layer=layer)
