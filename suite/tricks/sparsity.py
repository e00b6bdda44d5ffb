"""Weights of maps driven to zero: an L1 penalty, or a product of two factors that are penalized instead (section 9.1).

For w = a * b, the least of (a^2 + b^2) / 2 is |w|: the smooth penalty of the factors has the minima of L1 (spred, Ziyin
& Wang 2023). The factors start as w and 1, so that the network starts as it would without, and its first steps are
about as long. Factors that start balanced, |a| = |b|, stay so, and w could never change its sign.
"""

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn.utils.parametrize import register_parametrization, remove_parametrizations

from suite.tricks.maps import maps, weights

Penalty = Callable[[], Tensor]


class Product(nn.Module):
    """w = a * b, from a = w and b = 1."""

    def forward(self, a: Tensor, b: Tensor) -> Tensor:
        return a * b

    def right_inverse(self, w: Tensor) -> tuple[Tensor, Tensor]:
        return w.clone(), torch.ones_like(w)


def factor(network: nn.Module) -> None:
    """Make every map's weight a product."""
    for module in list(maps(network)):
        register_parametrization(module, "weight", Product())


def fold(network: nn.Module) -> None:
    """Multiply the factors out again."""
    for module in list(maps(network)):
        if hasattr(module, "parametrizations"):
            remove_parametrizations(module, "weight")


def penalty(level: str, network: nn.Module, weight: float) -> Penalty | None:
    """What is added to the loss of a network, after `factor` for "product"; None for "none"."""
    match level:
        case "none":
            return None
        case "l1":
            matrices = weights(network)
            return lambda: weight * torch.stack([matrix.abs().sum() for matrix in matrices]).sum()
        case "product":
            factors = [part for name, part in network.named_parameters() if ".original" in name]
            return lambda: weight * torch.stack([part.square().sum() for part in factors]).sum() / 2
    raise ValueError(f"no sparsity {level!r}")
