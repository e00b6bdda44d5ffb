"""Attention-free transformer (E.13.24-25; Zhai et al. 2021): each feature is a head of its own, without products.

Place i weighs place j by exp(k_j + w_ij), feature by feature, with a learned number for every pair of places, and a
gate sigmoid(q_i) decides what it takes.

Axes: B batch, L places, D features.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from suite.nn.block import Mixer
from suite.nn.feed_forward import feed_forward
from suite.nn.lengths import length
from suite.nn.network import Network
from suite.nn.places import ALL, Places
from suite.nn.stem import sequence
from suite.trial import Size, Tricks
from tasks.task import DataType, Task

ACCEPTS: tuple[DataType, ...] = ("tabular", "series", "audio", "text", "image", "volume", "sequence", "multimodal")
CAUSAL = True
IGNORES = ("heads", "kernel", "dilation", "positions")


class AttentionFree(Mixer):
    """sigmoid(q_i) * sum_j exp(k_j + w_ij) v_j / sum_j exp(k_j + w_ij); (B, L, D) to (B, L, D), L at most `places`."""

    def __init__(self, width: int, *, places: int) -> None:
        super().__init__()
        self.pairs = nn.Parameter(torch.empty(places, places))
        self.query_key_value = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        nn.init.normal_(self.pairs, std=0.02)

    def forward(self, x_BLD: Tensor, places: Places = ALL) -> Tensor:
        q, k, v = self.query_key_value(x_BLD).chunk(3, -1)
        weight_BLL = self._of_pairs(x_BLD.shape[1], places)
        # What is subtracted is in both sums: no exponential overflows, and the ratio stays as it is.
        key = (k - k.detach().amax(1, keepdim=True)).exp()
        total = (weight_BLL @ key).clamp(min=torch.finfo(key.dtype).tiny)
        return self.out(q.sigmoid() * (weight_BLL @ (key * v)) / total)

    def _of_pairs(self, length: int, places: Places) -> Tensor:
        """exp(w_ij), and 0 where a place may not look; (L, L) or (B, L, L)."""
        pairs_LL = self.pairs[:length, :length]
        weight_LL = (pairs_LL - pairs_LL.detach().amax(1, keepdim=True)).exp()
        allowed = places.may_look(length)
        if allowed is None:
            return weight_LL
        return weight_LL * (allowed if allowed.dim() == 2 else allowed[:, 0])


def build(task: Task, size: Size, tricks: Tricks) -> Network:
    def layer(index: int) -> Sequence[nn.Module]:
        mixer = AttentionFree(size.width, places=length(task, size))
        return [mixer, feed_forward(size.width, activation=tricks.activation)]

    return Network(task, size, tricks, view=sequence, layer=layer)
