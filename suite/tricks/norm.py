"""Normalization, channels last, whatever the axes before them mean (book section 9.3.2).

A level is a module over `width` features, (..., width) to (..., width), that may be told of the places. What is absent
is in no mean, and nodes of several graphs are normalized graph by graph where an example is.
"""

from math import gcd
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from tasks.task import Task

if TYPE_CHECKING:
    from suite.nn.places import Places

CHANNELS = 16  # of a group at most (Wu & He 2018, table 3); the greatest number that divides both it and the width
EPS = 1e-5


class Unchanged(nn.Identity):
    """No normalization."""

    def forward(self, x: Tensor, places: "Places | None" = None) -> Tensor:
        return x


class LayerNorm(nn.LayerNorm):
    """Every place for itself, over its features."""

    def forward(self, x: Tensor, places: "Places | None" = None) -> Tensor:
        return super().forward(x)


class RMSNorm(nn.RMSNorm):
    """Every place for itself, and its mean stays (E.9.12; Zhang & Sennrich 2019)."""

    def forward(self, x: Tensor, places: "Places | None" = None) -> Tensor:
        return super().forward(x)


class BatchNorm(nn.Module):
    """Every feature over the batch: each place of each example that is there is one sample."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm = nn.BatchNorm1d(width)

    def forward(self, x: Tensor, places: "Places | None" = None) -> Tensor:
        if places is None or places.present is None:
            return self.norm(x.flatten(0, -2)).view_as(x)
        there = places.present[..., None].expand_as(x)
        return x.new_zeros(x.shape).masked_scatter(there, self.norm(x[places.present]))


class GroupNorm(nn.Module):
    """Every group of `channels` features over the places of its example (Wu & He 2018); one channel: instance norm.

    All features in one group is the other layer norm of section 9.3.2, with one mean for all of an example. The nodes
    of a graph are the places of that graph.
    """

    def __init__(self, width: int, channels: int) -> None:
        super().__init__()
        self.channels = channels
        self.weight = nn.Parameter(torch.ones(width))
        self.bias = nn.Parameter(torch.zeros(width))

    def reset_parameters(self) -> None:
        nn.init.ones_(self.weight)
        nn.init.zeros_(self.bias)

    def forward(self, x: Tensor, places: "Places | None" = None) -> Tensor:
        return self._normalized(x, places) * self.weight + self.bias

    def _normalized(self, x: Tensor, places: "Places | None") -> Tensor:
        if places is not None and places.graphs is not None:
            present = places.graphs.present
            return self._of_examples(places.graphs.padded(x), present)[present]
        y_BLD = self._of_examples(x.flatten(1, -2), None if places is None else places.present)
        return y_BLD.view_as(x)

    def _of_examples(self, x_BLD: Tensor, present: Tensor | None) -> Tensor:
        x_BLGC = x_BLD.unflatten(-1, (-1, self.channels))
        if present is None:
            variance, mean = torch.var_mean(x_BLGC, (1, 3), correction=0, keepdim=True)
            return ((x_BLGC - mean) * (variance + EPS).rsqrt()).flatten(2)
        there = present[..., None, None].to(x_BLD.dtype)
        count = there.sum(1, keepdim=True).clamp(min=1) * self.channels
        mean = (x_BLGC * there).sum((1, 3), keepdim=True) / count
        away = (x_BLGC - mean) * there
        variance = away.square().sum((1, 3), keepdim=True) / count
        return (away * (variance + EPS).rsqrt()).flatten(2)


def norm(level: str, width: int) -> nn.Module:
    """The normalization of that name over `width` features."""
    match level:
        case "none":
            return Unchanged()
        case "batch":
            return BatchNorm(width)
        case "layer":
            return LayerNorm(width)
        case "group":
            return GroupNorm(width, gcd(CHANNELS, width))
        case "instance":
            return GroupNorm(width, 1)
        case "rms":
            return RMSNorm(width)
        case "layer_all":
            return GroupNorm(width, width)
    raise ValueError(f"no norm {level!r}")


def refusal(level: str, task: Task) -> str | None:
    """Why this normalization has no meaning for the task, or None if it has."""
    if task.causal and level in ("group", "instance", "layer_all"):
        return f"norm {level} takes its mean over all places, and the task keeps the future out"
    return None
