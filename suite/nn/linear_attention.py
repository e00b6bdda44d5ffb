"""Linear attention (section 13.1; Katharopoulos et al. 2020): phi(q) phi(k) in place of exp(q k).

So sums over places can come first. Those of phi(k) v and of phi(k) are a state of fixed size, whatever the length.
Without order there is one for all places. In a causal task each place has the state up to there: a recurrence, which is
computed by blocks, what came before a block from its state, what is inside from products of its places.

Axes: B batch, H heads, L places, C blocks, S places of a block, K features per head, V = K + 1, D = H * K features.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from suite.nn.attention import check_heads
from suite.nn.block import Mixer
from suite.nn.places import ALL, Places

BLOCK = 32


def phi(x: Tensor) -> Tensor:
    """ELU + 1: positive, as exp is."""
    return functional.elu(x) + 1


class LinearAttention(Mixer):
    """Every place's mean of the values, weighted by phi(q) phi(k); (B, L, D) to (B, L, D)."""

    def __init__(self, width: int, *, heads: int) -> None:
        super().__init__()
        check_heads(width, heads)
        self.heads = heads
        self.query_key_value = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)

    def forward(self, x_BLD: Tensor, places: Places = ALL) -> Tensor:
        q, k, v = self.query_key_value(x_BLD).unflatten(-1, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)
        q, k = phi(q), phi(k)
        if places.present is not None:
            k = k.masked_fill(~places.present[:, None, :, None], 0.0)
        y_BHLK = causal(q, k, v, places.prefix) if places.causal else everywhere(q, k, v)
        return self.out(y_BHLK.transpose(1, 2).flatten(-2))


def everywhere(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    """Each place from one state of all, in time O(n); (B, H, L, K) each."""
    return _ratio(q @ (k.mT @ _with_ones(v)))


def causal(q: Tensor, k: Tensor, v: Tensor, prefix: int = 0) -> Tensor:
    """Each place from the state of all places up to it, in time O(n); the first `prefix` places see each other."""
    v = _with_ones(v)
    state = k[:, :, :prefix].mT @ v[:, :, :prefix]
    later = _blockwise(q[:, :, prefix:], k[:, :, prefix:], v[:, :, prefix:], state)
    return _ratio(torch.cat([q[:, :, :prefix] @ state, later], 2))


def _blockwise(q: Tensor, k: Tensor, v: Tensor, state_BHKV: Tensor) -> Tensor:
    length = q.shape[2]
    missing = -length % BLOCK
    q, k, v = (functional.pad(x, (0, 0, 0, missing)).unflatten(2, (-1, BLOCK)) for x in (q, k, v))
    sums_BHCKV = k.mT @ v
    before_BHCKV = state_BHKV[:, :, None] + sums_BHCKV.cumsum(2) - sums_BHCKV
    y_BHCSV = q @ before_BHCKV + (q @ k.mT).tril() @ v
    return y_BHCSV.flatten(2, 3)[:, :, :length]


def _with_ones(v: Tensor) -> Tensor:
    """One feature more, whose weighted sum is the sum of the weights."""
    return functional.pad(v, (0, 1), value=1.0)


def _ratio(y: Tensor) -> Tensor:
    total = y[..., -1:]
    return y[..., :-1] / total.clamp(min=torch.finfo(total.dtype).tiny)  # zero only where no place is there
