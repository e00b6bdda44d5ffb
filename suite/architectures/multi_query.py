"""Transformer with multi-query attention (section 11.3; Shazeer 2019): all heads share one key and one value.

What must be kept for each place while decoding is as many times smaller as there are heads.
"""

from collections.abc import Sequence

from torch import nn

from suite.nn.attention import MultiQueryAttention
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
        attention = MultiQueryAttention(size.width, heads=size.heads, positions=tricks.positions)
        return [attention, feed_forward(size.width, activation=tricks.activation)]

    return Network(task, size, tricks, view=sequence, layer=layer, positions=True)
