"""Cutout: a patch of every training example set to zero, which is the mean (section 9.3.1; DeVries & Taylor 2017).

The patch is a block of neighbouring places that lies inside the example, and its share of the places is the rate.
Axes: B batch, ... places, C channels last.
"""

from collections.abc import Callable

import torch
from torch import Generator, Tensor

from tasks.task import Task


def cutout_of(rate: float) -> Callable[[Tensor, Generator], Tensor]:
    """Inputs without a patch."""

    def cutout(x: Tensor, generator: Generator) -> Tensor:
        return x.masked_fill(block(x, torch.full((len(x),), rate), generator), 0.0)

    return cutout


def block(x: Tensor, share_B: Tensor, generator: Generator) -> Tensor:
    """One random block of places for each example that has this share of them, rounded; bool, (B, ..., 1)."""
    places = x.shape[1:-1]
    inside = torch.ones(len(x), *[1] * (x.dim() - 1), dtype=torch.bool)
    for axis, length in enumerate(places, start=1):
        side_B = (share_B ** (1 / len(places)) * length).round()
        start_B = (torch.rand(len(x), generator=generator) * (length - side_B + 1)).floor()
        place = torch.arange(length)
        there = (place >= start_B[:, None]) & (place < (start_B + side_B)[:, None])
        inside = inside & there.view(len(x), *[length if a == axis else 1 for a in range(1, x.dim())])
    return inside


def refusal(task: Task) -> str | None:
    """Why nothing can be cut out of the task's examples, or None if it can."""
    if task.data in ("tabular", "graph", "multimodal"):
        return f"dropout_kind cutout cuts neighbours out, which {task.data} data does not have"
    if task.vocabulary:
        return "dropout_kind cutout sets numbers to zero, and the task has tokens"
    return None
