"""A linear map across places, the same for every feature: what an MLP is in the other direction (section 11.3).

Axes: B batch, L places in, M places out, D features.
"""

import torch
from torch import Tensor, nn

from suite.nn.places import ALL, Places


class Across(nn.Module):
    """y_m = sum over l of w_ml x_l + b_m, feature by feature; (B, L, D) to (B, M, D).

    It is made for so many places as there can be, and takes fewer: those that are missing count as zeros. A causal map
    has as many places out as in, and weights from places up to its own only.
    """

    def __init__(self, places: int, out: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(out, places))
        self.bias = nn.Parameter(torch.empty(out))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        bound = self.weight.shape[1] ** -0.5  # as nn.Linear
        nn.init.uniform_(self.weight, -bound, bound)
        nn.init.uniform_(self.bias, -bound, bound)

    def forward(self, x_BLD: Tensor, places: Places = ALL) -> Tensor:
        weight_ML = self.weight[:, : x_BLD.shape[1]]
        if places.causal:
            weight_ML = weight_ML.tril()
        return weight_ML @ places.hide(x_BLD) + self.bias[:, None]
