"""RWKV (section 13.4.2; Peng et al. 2023): attention-free weights that fade with distance, so that it is a recurrence.

Each place weighs those before it by exp(k_j - (i - 1 - j) w), feature by feature, and itself by exp(u + k_i). Both of
its mixers see every place blended with the one before (token shift). Nothing ever looks ahead.

Axes: B batch, L places, D features.
"""

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from suite.nn.block import Mixer
from suite.nn.network import Network
from suite.nn.places import ALL, Places
from suite.nn.scan import scan
from suite.nn.stem import sequence
from suite.trial import Size, Tricks
from tasks.task import DataType, Task

ACCEPTS: tuple[DataType, ...] = ("series", "audio", "text", "image", "volume", "sequence")
CAUSAL = True
IGNORES = ("heads", "kernel", "dilation", "activation", "positions")
EXPANSION = 4  # of the channel mix


class Blend(nn.Module):
    """Each place blended with the one before, feature by feature, by learned shares; (B, L, D) to (B, L, D)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.share = nn.Parameter(torch.empty(width))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        with torch.no_grad():
            self.share.copy_(torch.arange(len(self.share)) / len(self.share))  # as published for the first layer

    def forward(self, x_BLD: Tensor) -> Tensor:
        before_BLD = functional.pad(x_BLD, (0, 0, 1, -1))
        return before_BLD + self.share * (x_BLD - before_BLD)


class Fading(nn.Module):
    """The weighted mean of the values up to each place; keys and values (B, L, D) to (B, L, D)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.decay = nn.Parameter(torch.empty(width))  # w = exp(decay), so that it is positive
        self.bonus = nn.Parameter(torch.empty(width))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        with torch.no_grad():  # from slow to fast, as published
            self.decay.copy_(torch.linspace(-5, 3, len(self.decay)))
            self.bonus.fill_(math.log(0.3))

    def forward(self, k_BLD: Tensor, v_BLD: Tensor) -> Tensor:
        w_D = self.decay.exp()
        past, top = self._past(k_BLD, v_BLD, w_D)
        past, top = functional.pad(past, (0, 0, 0, 0, 1, -1)), functional.pad(top, (0, 0, 1, -1), value=-torch.inf)
        now = self.bonus + k_BLD
        scale = torch.maximum(top, now).detach()
        itself = (now - scale).exp()
        both = (top - scale).exp()[:, :, None] * past + torch.stack([itself * v_BLD, itself], 2)
        return both[:, :, 0] / both[:, :, 1]

    @staticmethod
    def _past(k_BLD: Tensor, v_BLD: Tensor, w_D: Tensor) -> tuple[Tensor, Tensor]:
        """Both sums up to and with each place, (B, L, 2, D), as multiples of exp(top): no exponential overflows."""
        with torch.no_grad():
            faded = w_D * torch.arange(k_BLD.shape[1])[:, None].to(k_BLD)
            top = (k_BLD + faded).cummax(1).values - faded
        before = functional.pad(top, (0, 0, 1, -1), value=-torch.inf)
        factor, added = (before - w_D - top).exp(), (k_BLD - top).exp()
        return scan(factor[:, :, None], torch.stack([added * v_BLD, added], 2)), top


class TimeMix(Mixer):
    """sigmoid(r) * the fading mean of the values; (B, L, D) to (B, L, D)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.blends = nn.ModuleList(Blend(width) for _ in range(3))
        self.maps = nn.ModuleList(nn.Linear(width, width, bias=False) for _ in range(3))
        self.fading = Fading(width)
        self.out = nn.Linear(width, width, bias=False)

    def forward(self, x_BLD: Tensor, places: Places = ALL) -> Tensor:
        r, k, v = (linear(blend(x_BLD)) for linear, blend in zip(self.maps, self.blends, strict=True))
        return self.out(r.sigmoid() * self.fading(k, v))


class ChannelMix(Mixer):
    """sigmoid(r) * V relu(k)^2, a gated MLP; (B, L, D) to (B, L, D)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.blend_gate, self.blend_key = Blend(width), Blend(width)
        self.gate = nn.Linear(width, width, bias=False)
        self.key = nn.Linear(width, EXPANSION * width, bias=False)
        self.value = nn.Linear(EXPANSION * width, width, bias=False)

    def forward(self, x_BLD: Tensor, places: Places = ALL) -> Tensor:
        key = self.key(self.blend_key(x_BLD)).relu().square()
        return self.gate(self.blend_gate(x_BLD)).sigmoid() * self.value(key)


def build(task: Task, size: Size, tricks: Tricks) -> Network:
    def layer(index: int) -> Sequence[nn.Module]:
        return [TimeMix(size.width), ChannelMix(size.width)]

    return Network(task, size, tricks, view=sequence, layer=layer)
