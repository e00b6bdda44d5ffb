"""Transformer (section 10.3): every place asks every other, then thinks alone. In a causal task, a decoder (11.1).

A table is a sequence of its features, as in the FT-Transformer (Gorishniy et al. 2021). Several modes are one row of
places (section 11.2.4).
"""

from collections.abc import Sequence

from torch import nn

from suite.nn.attention import SelfAttention
from suite.nn.feed_forward import feed_forward
from suite.nn.network import Network
from suite.nn.stem import sequence
from suite.trial import Size, Tricks
from tasks.task import DataType, Task

ACCEPTS: tuple[DataType, ...] = ("tabular", "series", "audio", "text", "image", "volume", "sequence", "multimodal")
CAUSAL = True
IGNORES = ("kernel", "dilation")


def build(task: Task, size: Size, tricks: Tricks) -> Network:
    def layer(index: int) -> Sequence[nn.Module]:
        attention = SelfAttention(size.width, heads=size.heads, positions=tricks.positions)
        return [attention, feed_forward(size.width, activation=tricks.activation)]

    return Network(task, size, tricks, view=sequence, layer=layer, positions=True)
