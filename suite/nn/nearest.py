"""One number in place of as many outputs as there are classes (section 4.2): the class is the one it is nearest to."""

import torch
from torch import Tensor, nn


class Nearest(nn.Module):
    """Minus the squared distance of a number to 0, 1, ..., K - 1; what `number` takes to (..., K).

    The largest output is that of the nearest class, so that scores and decisions are those of any network.
    """

    classes: Tensor

    def __init__(self, number: nn.Module, classes: int) -> None:
        super().__init__()
        self.number = number
        self.register_buffer("classes", torch.arange(float(classes)), persistent=False)

    def forward(self, *inputs: Tensor) -> Tensor:
        return -(self.number(*inputs) - self.classes).square()
