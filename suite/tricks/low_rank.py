"""LoRA: a weight that stays, plus a product of two thin matrices that is learned (Hu et al. 2022).

Axes: O outputs, I inputs (of a convolution, times its kernel), R rank.
"""

import torch
from torch import Tensor, nn
from torch.nn.utils.parametrize import register_parametrization

RANK = 4


class LowRank(nn.Module):
    """W + up down, where `up` starts at zero, so that the network starts as it was."""

    def __init__(self, weight: Tensor) -> None:
        super().__init__()
        outputs, inputs = len(weight), weight[0].numel()
        self.up_OR = nn.Parameter(weight.new_empty(outputs, RANK))
        self.down_RI = nn.Parameter(weight.new_empty(RANK, inputs))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        nn.init.zeros_(self.up_OR)
        nn.init.normal_(self.down_RI, std=self.down_RI.shape[1] ** -0.5)

    def forward(self, weight: Tensor) -> Tensor:
        return weight + (self.up_OR @ self.down_RI).view_as(weight)


def add_low_rank(module: nn.Module) -> None:
    """Let the weight of a linear or convolutional map be learned at low rank only."""
    weight = module.get_parameter("weight")
    with torch.no_grad():
        register_parametrization(module, "weight", LowRank(weight))
    weight.requires_grad_(False)
