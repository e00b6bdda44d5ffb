"""From raw examples to places with features, which is all that blocks know.

Axes: B batch, ... places, D features, always last. A view says what a place is: `vector` makes the whole
example one place, `grid` keeps places where they are, `sequence` lines them up in reading order.
"""

from collections.abc import Callable
from math import prod

import torch
from torch import Tensor, nn
from torch.nn import functional

from tasks.task import Task

View = Callable[[Tensor], Tensor]


def vector(x: Tensor) -> Tensor:
    """(B, ..., C) to (B, 1, features): one place, everything in it."""
    return x.flatten(1).unsqueeze(1)


def grid(x: Tensor) -> Tensor:
    """(B, ..., C) as it is: places where they are."""
    return x


def sequence(x: Tensor) -> Tensor:
    """(B, ..., C) to (B, L, C): places in reading order."""
    return x.flatten(1, -2)


def patches(x: Tensor, side: int) -> Tensor:
    """(B, *places, C) to (B, *places / side, side^rank * C): neighbours become one place (D.7.1).

    A length that `side` does not divide is filled up with zeros at its end.
    """
    rank = x.dim() - 2
    if side == 1 or rank == 0:
        return x
    missing = [-length % side for length in x.shape[1:-1]]
    x = functional.pad(x, [0, 0, *(pad for last in reversed(missing) for pad in (0, last))])
    for axis in range(rank):
        x = x.unflatten(2 * axis + 1, (-1, side))
    places, within = range(1, 2 * rank, 2), range(2, 2 * rank + 1, 2)
    return x.permute(0, *places, *within, 2 * rank + 1).flatten(rank + 1)


class Positions(nn.Embedding):
    """A learned vector per place, small at first so that it does not drown what stands there (as in ViT)."""

    def reset_parameters(self) -> None:
        nn.init.normal_(self.weight, std=0.02)


class Stem(nn.Module):
    """Cut into patches, look through the view, and map what each place holds to `width` features."""

    def __init__(self, task: Task, width: int, *, patch: int, view: View, positions: bool) -> None:
        super().__init__()
        self.patch, self.view = patch, view
        _, *places, features = self._places(torch.zeros(1, *task.shape)).shape
        self.project = nn.Linear(features, width)
        self.positions = Positions(prod(places), width) if positions else None

    def _places(self, x: Tensor) -> Tensor:
        if self.view is vector:
            return vector(x)
        if x.dim() == 2:
            x = x.unsqueeze(-1)  # a table: each feature is a place that holds one value
        return self.view(patches(x, self.patch))

    def forward(self, x: Tensor) -> Tensor:
        """(B, *task.shape) to (B, ..., D)."""
        y = self.project(self._places(x))
        return y if self.positions is None else y + self.positions.weight.view(y.shape[1:])
