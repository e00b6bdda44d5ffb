"""Multi-head self-attention (E.10.4, E.10.15): every place asks every other that it may look at.

Axes: B batch, H heads, L places that ask, M places that are asked, K features per head, D = H * K features.
"""

from dataclasses import dataclass, field

import torch
from torch import Tensor, nn
from torch.nn import functional

from suite.nn import positions as positions_of
from suite.nn.block import Mixer
from suite.nn.places import ALL, Places


@dataclass(frozen=True)
class Continued(Places):
    """Places that follow others, whose keys and values every attention has kept (section 11.2.3)."""

    kept: dict[nn.Module, tuple[Tensor, Tensor]] = field(default_factory=dict)

    def extend(self, attention: nn.Module, k: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
        """Keys and values of all places so far, the new ones at the end; they are kept in turn."""
        if attention in self.kept:
            k, v = (torch.cat(pair, 2) for pair in zip(self.kept[attention], (k, v), strict=True))
        self.kept[attention] = k, v
        return k, v


class Attention(Mixer):
    """Softmax of scaled dot products, per head, of queries, keys and values that a subclass makes.

    `positions` is the level of that trick: those that act inside attention do so here.
    """

    def __init__(self, width: int, *, heads: int, positions: str = "none") -> None:
        super().__init__()
        check_heads(width, heads)
        self.heads = heads
        self.bias = positions_of.bias(positions, heads)
        self.rotation = positions_of.rotation(positions, width // heads)

    def attend(self, q: Tensor, k: Tensor, v: Tensor, places: Places) -> Tensor:
        """Queries (B, H, L, K) of the last places, keys and values (B, H or 1, L, K) of the same; to (B, L, D)."""
        if isinstance(places, Continued):
            k, v = places.extend(self, k, v)
        length, total = q.shape[2], k.shape[2]
        if self.rotation is not None:
            place = torch.arange(total)
            q, k = self.rotation(q, place[-length:]), self.rotation(k, place)
        k, v = k.expand(-1, self.heads, -1, -1), v.expand(-1, self.heads, -1, -1)
        plainly_causal = places.causal and places.prefix < 2 and places.present is None
        if plainly_causal and self.bias is None and length == total:
            y_BHLK = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        else:
            mask = self._mask(places, length, total, q)
            y_BHLK = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        return y_BHLK.transpose(1, 2).flatten(-2)

    def _mask(self, places: Places, length: int, total: int, like: Tensor) -> Tensor | None:
        """What is added to the scores, or which count; of the last `length` places that ask `total`. None: all do."""
        allowed = places.may_look(total)
        allowed = None if allowed is None else allowed[..., -length:, :]
        if self.bias is None:
            return allowed
        place = torch.arange(total)
        bias_HLM = self.bias(place - place[-length:, None]).to(like)
        return bias_HLM if allowed is None else bias_HLM.masked_fill(~allowed, -torch.inf)


class SelfAttention(Attention):
    """Every head has queries, keys and values of its own; (B, L, D) to (B, L, D)."""

    def __init__(self, width: int, *, heads: int, positions: str = "none") -> None:
        super().__init__(width, heads=heads, positions=positions)
        self.query_key_value = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)

    def forward(self, x_BLD: Tensor, places: Places = ALL) -> Tensor:
        q, k, v = self.query_key_value(x_BLD).unflatten(-1, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)
        return self.out(self.attend(q, k, v, places))


class MultiQueryAttention(Attention):
    """All heads share one key and one value (section 11.3; Shazeer 2019); (B, L, D) to (B, L, D)."""

    def __init__(self, width: int, *, heads: int, positions: str = "none") -> None:
        super().__init__(width, heads=heads, positions=positions)
        self.query = nn.Linear(width, width)
        self.key_value = nn.Linear(width, 2 * (width // heads))
        self.out = nn.Linear(width, width)

    def forward(self, x_BLD: Tensor, places: Places = ALL) -> Tensor:
        q_BHLK = self.query(x_BLD).unflatten(-1, (self.heads, -1)).transpose(1, 2)
        k_B1LK, v_B1LK = self.key_value(x_BLD).unsqueeze(1).chunk(2, -1)
        return self.out(self.attend(q_BHLK, k_B1LK, v_B1LK, places))


def check_heads(width: int, heads: int) -> None:
    """Refuse a number of heads that does not divide the features."""
    if width % heads:
        raise ValueError(f"width {width} is not a multiple of {heads} heads")
