"""Transformer of parallel blocks (section 11.3): attention and MLP see the same features, and their answers are added.

As in PaLM (Chowdhery et al. 2022) and ViT-22B (Dehghani et al. 2023): x + MHA(norm(x)) + MLP(norm(x)).
"""

from collections.abc import Sequence

from torch import nn

from suite.nn.attention import SelfAttention
from suite.nn.feed_forward import feed_forward
from suite.nn.network import Network
from suite.nn.stem import sequence
from suite.nn.sum import Sum
from suite.trial import Size, Tricks
from tasks.task import DataType, Task

ACCEPTS: tuple[DataType, ...] = ("tabular", "series", "audio", "text", "image", "volume", "sequence", "multimodal")
CAUSAL = True
IGNORES = ("kernel", "dilation")


def build(task: Task, size: Size, tricks: Tricks) -> Network:
    def layer(index: int) -> Sequence[nn.Module]:
        attention = SelfAttention(size.width, heads=size.heads, positions=tricks.positions)
        return [Sum(attention, feed_forward(size.width, activation=tricks.activation))]

    return Network(task, size, tricks, view=sequence, layer=layer, positions=True)
