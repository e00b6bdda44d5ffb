"""Decoder-only transformer (section 11.1): no place asks a later one, whatever the task; the last one knows all.

Unlike `transformer`, it does not look ahead in a prefix either, as GPT-2 does not.
"""

from collections.abc import Sequence
from dataclasses import replace

from torch import Tensor, nn

from suite.nn.attention import SelfAttention
from suite.nn.feed_forward import feed_forward
from suite.nn.network import Network
from suite.nn.places import ALL, Places
from suite.nn.stem import sequence
from suite.trial import Size, Tricks
from tasks.task import DataType, Task

ACCEPTS: tuple[DataType, ...] = ("series", "audio", "text", "image", "volume", "sequence", "multimodal")
CAUSAL = True
IGNORES = ("kernel", "dilation", "readout")


class CausalAttention(SelfAttention):
    """Self-attention that looks back only; (B, L, D) to (B, L, D)."""

    def forward(self, x_BLD: Tensor, places: Places = ALL) -> Tensor:
        return super().forward(x_BLD, replace(places, causal=True, prefix=0))


def build(task: Task, size: Size, tricks: Tricks) -> Network:
    def layer(index: int) -> Sequence[nn.Module]:
        attention = CausalAttention(size.width, heads=size.heads, positions=tricks.positions)
        return [attention, feed_forward(size.width, activation=tricks.activation)]

    return Network(task, size, tricks, view=sequence, layer=layer, positions=True, read="last")
