"""The non-local block (section 10.1.1; Wang et al. 2018, equations 1 to 6), in its embedded Gaussian form.

Attention before it had heads, a scale and positions: y_i is the mean of g(x_j) over all places j, weighted by
exp(theta(x_i) . phi(x_j)), and z_i = W y_i + x_i, of which the residual connection is that of the block around it.

Axes: B batch, L places in reading order, D features, K half as many.
"""

from torch import Tensor, nn
from torch.nn import functional

from suite.nn.block import Mixer
from suite.nn.places import ALL, Places


class NonLocal(Mixer):
    """W softmax(theta(x) phi(x)^T) g(x), with maps to half of the features, as in the paper; (B, ..., D) to itself."""

    def __init__(self, width: int) -> None:
        super().__init__()
        half = max(1, width // 2)
        self.theta, self.phi, self.g = nn.Linear(width, half), nn.Linear(width, half), nn.Linear(width, half)
        self.out = nn.Linear(half, width)

    def forward(self, x: Tensor, places: Places = ALL) -> Tensor:
        x_BLD = x.flatten(1, -2)
        q, k, v = (each(x_BLD)[:, None] for each in (self.theta, self.phi, self.g))
        present = None if places.present is None else places.present.flatten(1)
        mask = Places(present).may_look(x_BLD.shape[1])
        y_BLK = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask, scale=1.0)[:, 0]
        return self.out(y_BLK).view_as(x)
