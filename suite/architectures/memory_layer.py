"""Transformer whose MLPs are memory layers (E.11.2-3): attention to keys and values that are learned.

With another nonlinearity than softmax, a memory layer is an MLP without biases (Sukhbaatar et al. 2019, Geva et al.
2021): each hidden unit is a key, and the weights out of it are its value.

Axes: B batch, L places, M slots of the memory, D features.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from suite.nn.attention import SelfAttention
from suite.nn.block import Mixer
from suite.nn.feed_forward import EXPANSION
from suite.nn.network import Network
from suite.nn.places import ALL, Places
from suite.nn.stem import sequence
from suite.trial import Size, Tricks
from tasks.task import DataType, Task

ACCEPTS: tuple[DataType, ...] = ("tabular", "series", "audio", "text", "image", "volume", "sequence", "multimodal")
CAUSAL = True
IGNORES = ("kernel", "dilation", "activation")


class Memory(Mixer):
    """softmax(x K^T / sqrt(D)) V, every place for itself; (B, L, D) to (B, L, D)."""

    def __init__(self, width: int, *, slots: int) -> None:
        super().__init__()
        self.keys = nn.Parameter(torch.empty(slots, width))
        self.values = nn.Parameter(torch.empty(slots, width))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        nn.init.normal_(self.keys)  # so that scores have variance 1
        nn.init.normal_(self.values)

    def forward(self, x_BLD: Tensor, places: Places = ALL) -> Tensor:
        scores_BLM = x_BLD @ self.keys.T / x_BLD.shape[-1] ** 0.5
        return scores_BLM.softmax(-1) @ self.values


def build(task: Task, size: Size, tricks: Tricks) -> Network:
    def layer(index: int) -> Sequence[nn.Module]:
        attention = SelfAttention(size.width, heads=size.heads, positions=tricks.positions)
        return [attention, Memory(size.width, slots=EXPANSION * size.width)]

    return Network(task, size, tricks, view=sequence, layer=layer, positions=True)
