"""Adaptive piecewise linear activation: a ReLU and a learned sum of hinges (E.5.13; Agostinelli et al. 2015).

Axes: D features, H hinges.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

HINGES, FARTHEST, SLOPE = 5, 2.0, 0.01


class Piecewise(nn.Module):
    """relu(x) + sum_h a_h relu(b_h - x), slopes a and bends b learned for every feature; (..., D) to (..., D).

    It starts close to a leaky ReLU: with bends evenly from -FARTHEST to FARTHEST, and slopes that add up to -SLOPE.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(width, HINGES))
        self.bends = nn.Parameter(torch.empty(width, HINGES))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        nn.init.constant_(self.weight, -SLOPE / HINGES)
        with torch.no_grad():
            self.bends.copy_(torch.linspace(-FARTHEST, FARTHEST, HINGES).expand_as(self.bends))

    def forward(self, x: Tensor) -> Tensor:
        return functional.relu(x) + (self.weight * functional.relu(self.bends - x[..., None])).sum(-1)
