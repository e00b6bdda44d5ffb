"""Normalization over the last axis, whatever the axes before it mean (book section 9.3.2)."""

from torch import Tensor, nn


class BatchNorm(nn.Module):
    """Batch normalization of channels-last tensors of any rank: every place of every example is one sample."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm = nn.BatchNorm1d(width)

    def forward(self, x: Tensor) -> Tensor:
        return self.norm(x.flatten(0, -2)).view_as(x)


def norm(level: str, width: int) -> nn.Module:
    """The normalization of that name over `width` features, (..., width) to (..., width)."""
    match level:
        case "none":
            return nn.Identity()
        case "batch":
            return BatchNorm(width)
        case "layer":
            return nn.LayerNorm(width)
        case "rms":
            return nn.RMSNorm(width)
    raise ValueError(f"no norm {level!r}")
