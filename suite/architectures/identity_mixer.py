"""MetaFormer with the identity as its mixer (section 11.3; Yu et al. 2024): places exchange nothing at all.

They know where they are, and meet in the read-out only: what is left of a transformer without its attention.
"""

from collections.abc import Sequence

from torch import nn

from suite.nn.block import Alone
from suite.nn.feed_forward import feed_forward
from suite.nn.network import Network
from suite.nn.stem import sequence
from suite.trial import Size, Tricks
from tasks.task import DataType, Task

ACCEPTS: tuple[DataType, ...] = ("tabular", "series", "audio", "text", "image", "volume", "sequence", "multimodal")
IGNORES = ("heads", "kernel", "dilation")


def build(task: Task, size: Size, tricks: Tricks) -> Network:
    def layer(index: int) -> Sequence[nn.Module]:
        return [Alone(nn.Identity()), feed_forward(size.width, activation=tricks.activation)]

    return Network(task, size, tricks, view=sequence, layer=layer, positions=True)
