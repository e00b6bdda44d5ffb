"""Where a place is, told to a network that could not know (section 10.2)."""

from torch import Tensor, nn


class Learned(nn.Embedding):
    """A learned vector per place, small at first so that it does not drown what stands there (as in ViT)."""

    def reset_parameters(self) -> None:
        nn.init.normal_(self.weight, std=0.02)

    def forward(self, x: Tensor) -> Tensor:
        """(B, ..., D) to the same, for so many places as there were or fewer."""
        x_BLD = x.flatten(1, -2)
        return (x_BLD + self.weight[: x_BLD.shape[1]]).view_as(x)


def absolute(level: str, places: int, width: int) -> nn.Module | None:
    """What adds positions to the stem's features, (B, ..., D) to (B, ..., D); None for a level that adds none there."""
    match level:
        case "none":
            return None
        case "learned":
            return Learned(places, width)
    raise ValueError(f"no positions {level!r}")
