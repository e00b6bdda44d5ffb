"""The one block: normalize, mix, drop, join. Norm, dropout and residual act here for every architecture."""

from torch import Tensor, nn

from suite.trial import Tricks
from suite.tricks.norm import norm
from suite.tricks.residual import residual


class Sublayer(nn.Module):
    """join(x, drop(mix(norm(x)))): one mixer inside the tricks; (B, ..., D) to (B, ..., D)."""

    def __init__(self, mixer: nn.Module, width: int, tricks: Tricks) -> None:
        super().__init__()
        self.norm = norm(tricks.norm, width)
        self.mixer = mixer
        self.dropout = nn.Dropout(tricks.dropout)
        self.join = residual(tricks.residual)

    def forward(self, x: Tensor) -> Tensor:
        return self.join(x, self.dropout(self.mixer(self.norm(x))))
