"""How a sublayer's answer joins what came before it (book section 9.4)."""

from math import sqrt

import torch
from torch import Tensor, nn

GATE_BIAS = -1.0  # a gate starts nearly closed, and a deep network nearly as the identity (Srivastava et al. 2015)


class Replace(nn.Module):
    """No residual connection."""

    def forward(self, before: Tensor, branch: Tensor) -> Tensor:
        return branch


class Add(nn.Module):
    """x + f(x)."""

    def forward(self, before: Tensor, branch: Tensor) -> Tensor:
        return before + branch


class Scaled(nn.Module):
    """(x + f(x)) / sqrt(2), which keeps the variance of two independent terms (Karras et al. 2020)."""

    def forward(self, before: Tensor, branch: Tensor) -> Tensor:
        return (before + branch) / sqrt(2)


class Gate(nn.Linear):
    """The map in front of a gate's sigmoid, whose bias starts at GATE_BIAS."""

    def reset_parameters(self) -> None:
        super().reset_parameters()
        nn.init.constant_(self.bias, GATE_BIAS)


class Gated(nn.Module):
    """g * f(x) + (1 - g) * x with a learned gate g(x) for every feature: highway networks (Srivastava et al. 2015)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.gate = Gate(width, width)

    def forward(self, before: Tensor, branch: Tensor) -> Tensor:
        return torch.lerp(before, branch, self.gate(before).sigmoid())


class Zero(nn.Module):
    """x + a * f(x) with a learned number a that starts at 0 (Bachlechner et al. 2020; De & Smith 2020)."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(1))

    def reset_parameters(self) -> None:
        nn.init.zeros_(self.weight)

    def forward(self, before: Tensor, branch: Tensor) -> Tensor:
        return before + self.weight * branch


def residual(level: str, width: int) -> nn.Module:
    """The module that joins (before, branch); both have the same shape, and so has the result."""
    match level:
        case "none":
            return Replace()
        case "add":
            return Add()
        case "scaled":
            return Scaled()
        case "gated":
            return Gated(width)
        case "zero":
            return Zero()
    raise ValueError(f"no residual {level!r}")
