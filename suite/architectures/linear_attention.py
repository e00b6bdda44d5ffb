"""Linear transformer (section 13.1): attention without softmax, in time O(n), and a recurrence in a causal task."""

from collections.abc import Sequence

from torch import nn

from suite.nn.feed_forward import feed_forward
from suite.nn.linear_attention import LinearAttention
from suite.nn.network import Network
from suite.nn.positions import stem_only
from suite.nn.stem import sequence
from suite.trial import Size, Tricks
from tasks.task import DataType, Task

ACCEPTS: tuple[DataType, ...] = ("tabular", "series", "audio", "text", "image", "volume", "sequence", "multimodal")
CAUSAL = True
REFUSES = {"positions": ("relative", "alibi", "alibi_trained", "rope")}  # there are no scores of pairs of places
IGNORES = ("kernel", "dilation")


def build(task: Task, size: Size, tricks: Tricks) -> Network:
    stem_only(tricks.positions, "linear_attention")

    def layer(index: int) -> Sequence[nn.Module]:
        attention = LinearAttention(size.width, heads=size.heads)
        return [attention, feed_forward(size.width, activation=tricks.activation)]

    return Network(task, size, tricks, view=sequence, layer=layer, positions=True)
