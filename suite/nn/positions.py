"""Where a place is, told to a network that could not know (section 10.2).

Absolute positions are added to the features in the stem. Relative ones act inside attention: a bias on the scores, or
a rotation of queries and keys.

Axes: B batch, H heads, L places that ask, M places that are asked, K features per head, D features.
"""

import torch
from torch import Tensor, nn

LONGEST_WAVE = 10000.0  # of sinusoids and rotations (Vaswani et al. 2017; Su et al. 2021)
FARTHEST = 16  # distances beyond it share a bias (Shaw et al. 2018)


class Learned(nn.Embedding):
    """A learned vector per place, small at first so that it does not drown what stands there (as in ViT)."""

    def reset_parameters(self) -> None:
        nn.init.normal_(self.weight, std=0.02)

    def forward(self, x: Tensor, start: int = 0) -> Tensor:
        """(B, ..., D) to the same, for so many places as there were or fewer; the first one is place `start`."""
        return _added(x, self.weight, start)


class Fixed(nn.Module):
    """A vector per place that is not learned."""

    vectors: Tensor

    def __init__(self, vectors_LD: Tensor) -> None:
        super().__init__()
        self.register_buffer("vectors", vectors_LD, persistent=False)

    def forward(self, x: Tensor, start: int = 0) -> Tensor:
        """(B, ..., D) to the same; the first one is place `start`."""
        return _added(x, self.vectors, start)


def _added(x: Tensor, vectors_LD: Tensor, start: int) -> Tensor:
    x_BLD = x.flatten(1, -2)
    return (x_BLD + vectors_LD[start : start + x_BLD.shape[1]]).view_as(x)


def scalar(places: int, width: int) -> Tensor:
    """How far along the place is, from 0 to 1, in one feature; (L, D)."""
    vectors_LD = torch.zeros(places, width)
    vectors_LD[:, 0] = torch.arange(places) / places
    return vectors_LD


def one_hot(places: int, width: int) -> Tensor:
    """Place i is feature i, and starts again where there are fewer features than places; (L, D)."""
    return torch.eye(width)[torch.arange(places) % width]


def sinusoidal(places: int, width: int) -> Tensor:
    """Sines and cosines of waves from 2 pi to 10000 * 2 pi places long (Vaswani et al. 2017); (L, D)."""
    angles_LK = _angles(torch.arange(places), width)
    return torch.stack([angles_LK.sin(), angles_LK.cos()], -1).flatten(1)[:, :width].float()


def _angles(places_L: Tensor, width: int) -> Tensor:
    """One angle for each pair of features; (L, D / 2), in float64 because far places are large numbers."""
    frequencies_K = LONGEST_WAVE ** (-torch.arange(0, width, 2, dtype=torch.float64) / width)
    return places_L[:, None] * frequencies_K


def absolute(level: str, places: int, width: int) -> nn.Module | None:
    """What adds positions to the stem's features, (B, ..., D) to (B, ..., D); None for a level that adds none there."""
    match level:
        case "none" | "relative" | "alibi" | "alibi_trained" | "rope":
            return None
        case "learned":
            return Learned(places, width)
        case "scalar":
            return Fixed(scalar(places, width))
        case "one_hot":
            return Fixed(one_hot(places, width))
        case "sinusoidal":
            return Fixed(sinusoidal(places, width))
    raise ValueError(f"no positions {level!r}")


class RelativeBias(nn.Module):
    """A learned number for each head and distance (section 10.2.3; Shaw et al. 2018, Raffel et al. 2020)."""

    def __init__(self, heads: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(heads, 2 * FARTHEST + 1))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        nn.init.normal_(self.weight, std=0.02)

    def forward(self, distance_LM: Tensor) -> Tensor:
        """How far right of the place that asks stands the one that is asked; (L, M) to (H, L, M)."""
        return self.weight[:, distance_LM.clamp(-FARTHEST, FARTHEST) + FARTHEST]


class Alibi(nn.Module):
    """Minus the distance, times a slope for each head (section 10.2.3; Press et al. 2022).

    The slopes of the paper are fixed: a half, a quarter, ... for eight heads. The book has them trained.
    """

    slopes: Tensor

    def __init__(self, heads: int, *, trained: bool) -> None:
        super().__init__()
        if trained:
            self.slopes = nn.Parameter(torch.empty(heads))
        else:
            self.register_buffer("slopes", torch.empty(heads), persistent=False)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        heads = len(self.slopes)
        with torch.no_grad():
            self.slopes.copy_(2 ** (-8 * torch.arange(1, heads + 1) / heads))

    def forward(self, distance_LM: Tensor) -> Tensor:
        """Distances, (L, M), to (H, L, M)."""
        return -self.slopes[:, None, None] * distance_LM.abs()


class Rotation(nn.Module):
    """Pairs of features turned by an angle that grows with the place (RoPE; Su et al. 2021).

    A product of two of them depends on how far apart their places are, and not on where.
    """

    def __init__(self, features: int) -> None:
        super().__init__()
        if features % 2:
            raise ValueError(f"positions rope turn pairs of features; a head of {features} features has no pairs")

    def forward(self, x_BHLK: Tensor, places_L: Tensor) -> Tensor:
        """(B, H, L, K) to the same."""
        angles = _angles(places_L, x_BHLK.shape[-1])
        sine, cosine = angles.sin().to(x_BHLK), angles.cos().to(x_BHLK)
        even, odd = x_BHLK[..., ::2], x_BHLK[..., 1::2]
        return torch.stack([even * cosine - odd * sine, even * sine + odd * cosine], -1).flatten(-2)


def bias(level: str, heads: int) -> nn.Module | None:
    """What the level adds to the scores of attention, from distances (L, M) to (H, L, M); None: nothing."""
    match level:
        case "relative":
            return RelativeBias(heads)
        case "alibi" | "alibi_trained":
            return Alibi(heads, trained=level == "alibi_trained")
    return None


def rotation(level: str, features: int) -> Rotation | None:
    """What the level does to queries and keys of so many features a head; None: nothing."""
    return Rotation(features) if level == "rope" else None


def stem_only(level: str, architecture: str) -> None:
    """Refuse a level that acts inside attention, for an architecture where it cannot."""
    if bias(level, 1) is not None or level == "rope":
        raise ValueError(
            f"positions {level!r} act on the scores of pairs of places, which {architecture} does not have"
        )
