"""Nonlinearities by formula that torch has no module of: a power, and a swish whose slope is learned (section 5.4)."""

import torch
from torch import Tensor, nn

POWER = 2  # the smallest that is not linear; a network of depth l is then a polynomial of degree 2^l


class Power(nn.Module):
    """x^2, which explodes where it is repeated."""

    def forward(self, x: Tensor) -> Tensor:
        return x**POWER


class Swish(nn.Module):
    """x * sigmoid(b x) with b learned for every feature, from 1 (E.5.12; Ramachandran et al. 2017)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def reset_parameters(self) -> None:
        nn.init.ones_(self.weight)

    def forward(self, x: Tensor) -> Tensor:
        return x * (self.weight * x).sigmoid()
