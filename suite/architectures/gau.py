"""Gated attention unit (section 11.3; Hua et al. 2022): attention and gated MLP in one mixer, with a single head.

Queries and keys are one narrow projection, scaled and shifted in two ways; squared ReLU takes the place of softmax.

Axes: B batch, L places, S shared features, D features, E = 2 D features inside.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from suite.nn.block import Mixer
from suite.nn.network import Network
from suite.nn.places import ALL, Places
from suite.nn.positions import bias, rotation
from suite.nn.stem import sequence
from suite.trial import Size, Tricks
from suite.tricks.activation import activation as activation_of
from tasks.task import DataType, Task

ACCEPTS: tuple[DataType, ...] = ("tabular", "series", "audio", "text", "image", "volume", "sequence", "multimodal")
CAUSAL = True
IGNORES = ("heads", "kernel", "dilation")
EXPANSION = 2  # Hua et al. 2022


class GatedAttention(Mixer):
    """(u * (A v)) W with A = relu(q k^T / sqrt(S) + bias)^2 / places in sight; (B, L, D) to (B, L, D)."""

    def __init__(self, width: int, *, shared: int, activation: str, positions: str) -> None:
        super().__init__()
        wide = EXPANSION * width
        self.gate = nn.Sequential(nn.Linear(width, wide), activation_of(activation, wide))
        self.value = nn.Sequential(nn.Linear(width, wide), activation_of(activation, wide))
        self.shared = nn.Sequential(nn.Linear(width, shared), activation_of(activation, shared))
        self.scale = nn.Parameter(torch.empty(2, shared))
        self.shift = nn.Parameter(torch.empty(2, shared))
        self.bias, self.rotation = bias(positions, 1), rotation(positions, shared)
        self.out = nn.Linear(wide, width)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        nn.init.ones_(self.scale)
        nn.init.zeros_(self.shift)

    def forward(self, x_BLD: Tensor, places: Places = ALL) -> Tensor:
        return self.out(self.gate(x_BLD) * (self._weights(x_BLD, places) @ self.value(x_BLD)))

    def _weights(self, x_BLD: Tensor, places: Places) -> Tensor:
        place = torch.arange(x_BLD.shape[1])
        q, k = (self.shared(x_BLD)[:, None] * self.scale[:, None] + self.shift[:, None]).unbind(1)
        if self.rotation is not None:
            q, k = self.rotation(q, place), self.rotation(k, place)
        scores_BLL = q @ k.mT / q.shape[-1] ** 0.5
        if self.bias is not None:
            scores_BLL = scores_BLL + self.bias(place - place[:, None])[0]
        weights_BLL, allowed = scores_BLL.relu().square(), places.may_look(len(place))
        if allowed is None:
            return weights_BLL / len(place)
        seen = allowed if allowed.dim() == 2 else allowed[:, 0]
        return weights_BLL * seen / seen.sum(-1, keepdim=True)


def build(task: Task, size: Size, tricks: Tricks) -> Network:
    def layer(index: int) -> Sequence[nn.Module]:
        shared = 2 * max(1, size.width // 4)  # even, because rotations turn pairs
        return [GatedAttention(size.width, shared=shared, activation=tricks.activation, positions=tricks.positions)]

    return Network(task, size, tricks, view=sequence, layer=layer, positions=True)
