"""Transformer (section 10.3): every place asks every other, then thinks alone. In a causal task, a decoder (11.1).

A table is a sequence of its features, as in the FT-Transformer (Gorishniy et al. 2021).
"""

from collections.abc import Sequence

from torch import nn

from suite.nn.attention import SelfAttention
from suite.nn.block import Alone
from suite.nn.network import Network
from suite.nn.stem import sequence
from suite.trial import Size, Tricks
from suite.tricks.activation import activation
from tasks.task import DataType, Task

ACCEPTS: tuple[DataType, ...] = ("tabular", "series", "audio", "text", "image", "volume", "sequence", "multimodal")
CAUSAL = True
EXPANSION = 4


def build(task: Task, size: Size, tricks: Tricks) -> Network:
    def layer(index: int) -> Sequence[nn.Module]:
        wide = EXPANSION * size.width
        alone = Alone(nn.Linear(size.width, wide), activation(tricks.activation, wide), nn.Linear(wide, size.width))
        return [SelfAttention(size.width, heads=size.heads), alone]

    return Network(task, size, tricks, view=sequence, layer=layer, positions=True)
