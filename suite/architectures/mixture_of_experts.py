"""Mixture of experts (Jacobs et al. 1991): several small networks, and a gate that says how much each is listened to.

The gate is soft: all experts answer, so that the network is smooth and every expert learns from every example.

Axes: E experts, H hidden features, D features.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from suite.nn.block import Mixer
from suite.nn.network import Network
from suite.nn.places import ALL, Places
from suite.nn.stem import vector
from suite.trial import Size, Tricks
from suite.tricks.activation import activation as activation_of
from tasks.task import DataType, Task

ACCEPTS: tuple[DataType, ...] = (
    "tabular",
    "series",
    "audio",
    "text",
    "image",
    "volume",
    "graph",
    "sequence",
    "multimodal",
)
KEEPS_PLACES = False
IGNORES = ("patch", "heads", "kernel", "dilation", "positions")
EXPERTS = 4


class Experts(Mixer):
    """sum over e of softmax(gate(x))_e expert_e(x), each expert with one hidden layer; (..., D) to (..., D)."""

    def __init__(self, width: int, *, activation: str) -> None:
        super().__init__()
        self.gate = nn.Linear(width, EXPERTS)
        self.experts = nn.ModuleList(
            nn.Sequential(nn.Linear(width, width), activation_of(activation, width), nn.Linear(width, width))
            for _ in range(EXPERTS)
        )

    def forward(self, x: Tensor, places: Places = ALL) -> Tensor:
        answers_DE = torch.stack([expert(x) for expert in self.experts], -1)
        return (answers_DE @ self.gate(x).softmax(-1)[..., None]).squeeze(-1)


def build(task: Task, size: Size, tricks: Tricks) -> Network:
    def layer(index: int) -> Sequence[nn.Module]:
        return [Experts(size.width, activation=tricks.activation)]

    return Network(task, size, tricks, view=vector, layer=layer)
