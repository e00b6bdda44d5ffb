"""Kernel activation function: a learned sum of bumps for every feature (E.5.13; Scardapane et al. 2019).

Axes: D features, K bumps.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

BUMPS, FARTHEST = 20, 3.0  # evenly spaced from -FARTHEST to FARTHEST, as published
RIDGE = 1e-3  # keeps the first coefficients small; the kernel matrix is nearly singular


class Kernel(nn.Module):
    """sum_k a_k exp(-gamma (x - d_k)^2), a_k learned for every feature; (..., D) to (..., D).

    It starts as the sum of bumps nearest to ELU, by kernel ridge regression at the bumps. gamma = 1 / (6 gap^2).
    """

    places_K: Tensor

    def __init__(self, width: int) -> None:
        super().__init__()
        self.register_buffer("places_K", torch.linspace(-FARTHEST, FARTHEST, BUMPS), persistent=False)
        self.gamma = 1 / (6 * (2 * FARTHEST / (BUMPS - 1)) ** 2)
        self.weight = nn.Parameter(torch.empty(width, BUMPS))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        wanted_K = functional.elu(self.places_K)
        bumps_KK = self._bumps(self.places_K) + RIDGE * torch.eye(BUMPS)
        with torch.no_grad():
            self.weight.copy_(torch.linalg.solve(bumps_KK.double(), wanted_K.double()).expand_as(self.weight))

    def forward(self, x: Tensor) -> Tensor:
        return (self._bumps(x) * self.weight).sum(-1)

    def _bumps(self, x: Tensor) -> Tensor:
        """(...) to (..., K)."""
        return torch.exp(-self.gamma * (x[..., None] - self.places_K).square())
