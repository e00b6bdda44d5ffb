"""Cross-modal transformer (E.11.1, section 11.2.4): the last mode, a sentence say, asks the others by cross-attention.

The modes before it are encoded together, by themselves. What is read are the places of the last mode.
"""

from collections.abc import Sequence

from torch import nn

from suite.nn.lengths import mode_lengths
from suite.nn.network import Network
from suite.nn.stem import sequence
from suite.nn.streams import Streams, once
from suite.trial import Size, Tricks
from tasks.task import DataType, Task

ACCEPTS: tuple[DataType, ...] = ("multimodal",)
KEEPS_PLACES = False
IGNORES = ("kernel", "dilation")


def build(task: Task, size: Size, tricks: Tricks) -> Network:
    others = sum(mode_lengths(task, size)[:-1])

    def layer(index: int) -> Sequence[nn.Module]:
        return once(Streams(size, tricks, encoded=others, start=others, causal=False, kept=False), index)

    return Network(task, size, tricks, view=sequence, layer=layer, positions=True)
