"""What graph attention networks share (section 12.3.1): a node weighs itself and its neighbours by softmax.

Axes: N nodes, E edges with self-loops, H heads, K features per head, D = H * K features.
"""

import torch
from torch import Tensor, nn

from suite.nn.graph import scatter_softmax, scatter_sum

SLOPE = 0.2  # of the leaky ReLU below zero (Veličković et al. 2018)


def attended(values_NHK: Tensor, scores_EH: Tensor, source: Tensor, target: Tensor) -> Tensor:
    """The mean of what the sources of each node hold, weighed by softmax of the scores, heads side by side; (N, D)."""
    weights_EH = scatter_softmax(scores_EH, target, len(values_NHK))
    return scatter_sum(weights_EH[..., None] * values_NHK[source], target, len(values_NHK)).flatten(1)


class Directions(nn.Module):
    """A learned direction for each head, and how far the features go along it; (..., H, K) to (..., H)."""

    def __init__(self, heads: int, features: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(heads, features))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        nn.init.xavier_uniform_(self.weight)

    def forward(self, x: Tensor) -> Tensor:
        return (x * self.weight).sum(-1)


class Bias(nn.Module):
    """A number added to each feature, zero at first; (..., D) to (..., D)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(width))

    def reset_parameters(self) -> None:
        nn.init.zeros_(self.bias)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.bias
