"""Transformer encoder (section 10.3): every place asks every other, then thinks alone; positions are learned.

A table is a sequence of its features, as in the FT-Transformer (Gorishniy et al. 2021).
"""

from collections.abc import Sequence

from torch import nn

from suite.nn.attention import SelfAttention
from suite.nn.network import Network
from suite.nn.stem import sequence
from suite.trial import Size, Tricks
from tasks.task import DataType, Task

ACCEPTS: tuple[DataType, ...] = ("tabular", "series", "image")
HEADS = 4
EXPANSION = 4


def build(task: Task, size: Size, tricks: Tricks) -> Network:
    def layer(index: int) -> Sequence[nn.Module]:
        wide = EXPANSION * size.width
        alone = nn.Sequential(nn.Linear(size.width, wide), nn.GELU(), nn.Linear(wide, size.width))
        return [SelfAttention(size.width, heads=HEADS), alone]

    return Network(task, size, tricks, view=sequence, layer=layer, positions=True)
