"""Nonlinearities of two linear maps: one gates the other, or the larger wins (box in book section 5.4).

They have 2 D^2 weights more than an elementwise nonlinearity over D features.
"""

import torch
from torch import Tensor, nn


class Gates(nn.Module):
    """Two linear maps of the same features; (..., D) to (..., D)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.one = nn.Linear(width, width)
        self.other = nn.Linear(width, width)


class GLU(Gates):
    """sigmoid(A x) * B x (E.5.14; Dauphin et al. 2017)."""

    def forward(self, x: Tensor) -> Tensor:
        return self.one(x).sigmoid() * self.other(x)


class SwiGLU(Gates):
    """silu(A x) * B x (Shazeer 2020)."""

    def forward(self, x: Tensor) -> Tensor:
        return nn.functional.silu(self.one(x)) * self.other(x)


class Maxout(Gates):
    """max(A x, B x) (Goodfellow et al. 2013)."""

    def forward(self, x: Tensor) -> Tensor:
        return torch.maximum(self.one(x), self.other(x))
