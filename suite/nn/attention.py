"""Multi-head self-attention (E.10.4, E.10.15): every place asks every other that it may look at.

Axes: B batch, H heads, L places, K features per head, D = H * K features.
"""

from torch import Tensor, nn
from torch.nn import functional

from suite.nn.block import Mixer
from suite.nn.places import ALL, Places


class SelfAttention(Mixer):
    """Softmax of scaled dot products, per head; (B, L, D) to (B, L, D)."""

    def __init__(self, width: int, *, heads: int) -> None:
        super().__init__()
        if width % heads:
            raise ValueError(f"width {width} is not a multiple of {heads} heads")
        self.heads = heads
        self.query_key_value = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)

    def forward(self, x_BLD: Tensor, places: Places = ALL) -> Tensor:
        q, k, v = self.query_key_value(x_BLD).unflatten(-1, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)
        y_BHLK = functional.scaled_dot_product_attention(q, k, v, attn_mask=places.may_look(x_BLD.shape[1]))
        return self.out(y_BHLK.transpose(1, 2).flatten(-2))
