"""Cross-attention (E.11.1): places of one row ask those of another, and a layer of a decoder that does.

Axes: B batch, H heads, L places that ask, M places that are asked, K features per head, D = H * K features.
"""

from dataclasses import dataclass

from torch import Tensor, nn
from torch.nn import functional

from suite.nn.attention import check_heads
from suite.nn.block import Mixer
from suite.nn.places import ALL, Places
from suite.trial import Tricks
from suite.tricks.norm import norm


@dataclass(frozen=True)
class Beside(Places):
    """Places that may ask others, of another row: `memory`, (B, M, D), of which `remembered`, (B, M), are there."""

    memory: Tensor | None = None
    remembered: Tensor | None = None


class CrossAttention(Mixer):
    """Queries of our places, keys and values of the memory's; (B, L, D) to (B, L, D). It knows no distances."""

    def __init__(self, width: int, *, heads: int) -> None:
        super().__init__()
        check_heads(width, heads)
        self.heads = heads
        self.query = nn.Linear(width, width)
        self.key_value = nn.Linear(width, 2 * width)
        self.out = nn.Linear(width, width)

    def forward(self, x_BLD: Tensor, places: Places = ALL) -> Tensor:
        assert isinstance(places, Beside), "cross-attention needs a memory to ask"
        assert places.memory is not None
        q_BHLK = self.query(x_BLD).unflatten(-1, (self.heads, -1)).transpose(1, 2)
        k, v = self.key_value(places.memory).unflatten(-1, (2, self.heads, -1)).permute(2, 0, 3, 1, 4)
        there = None if places.remembered is None else places.remembered[:, None, None, :]
        y_BHLK = functional.scaled_dot_product_attention(q_BHLK, k, v, attn_mask=there)
        return self.out(y_BHLK.transpose(1, 2).flatten(-2))


def memory_norm(tricks: Tricks, width: int) -> nn.Module:
    """What a memory goes through before it is asked; nothing more where every block ends with a norm."""
    return norm(tricks.norm if tricks.norm_place == "pre" else "none", width)
