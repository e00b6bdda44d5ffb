"""Mixup and CutMix: two examples in one, and their targets by the same weight (book section 9.2.3).

Weights are uniform in [0, 1]: Beta(1, 1), the book's choice for mixup and the papers' for CutMix (slip S12). Those of
"mixup_beta" are from Beta(ALPHA, ALPHA), as in the mixup paper: most are near 0 or 1. A class becomes a distribution
over classes.

Axes: B batch, ... places, C channels last.
"""

from collections.abc import Callable

import torch
from torch import Generator, Tensor
from torch.nn import functional

from suite.tricks.erase import block
from tasks.task import Task

Mixing = Callable[[Tensor, Tensor, Generator], tuple[Tensor, Tensor]]
Draw = Callable[[int, Generator], Tensor]

ALPHA = 0.2  # of mixup on ImageNet (Zhang et al. 2018, section 3.1)


def uniform(count: int, generator: Generator) -> Tensor:
    return torch.rand(count, generator=generator)


def beta(count: int, generator: Generator) -> Tensor:
    """From Beta(ALPHA, ALPHA), by the method of Johnk (1964), because torch's own takes no generator.

    Pairs of u^(1/ALPHA), v^(1/ALPHA) whose sum is not above 1, which 19 of 20 are, and the share of the first in it.
    """
    drawn = torch.empty(0, dtype=torch.float64)
    while len(drawn) < count:
        powers = torch.rand(2, count, generator=generator, dtype=torch.float64) ** (1 / ALPHA)
        total = powers.sum(0)
        kept = (total > 0) & (total <= 1)
        drawn = torch.cat([drawn, (powers[0] / total)[kept]])
    return drawn[:count].float()


def mixup_of(task: Task, draw: Draw = uniform) -> Mixing:
    """Convex combinations of pairs (Zhang et al. 2018), each with a weight of its own."""

    def mixup(x: Tensor, y: Tensor, generator: Generator) -> tuple[Tensor, Tensor]:
        y = _spread(y, task)
        partner = torch.randperm(len(x), generator=generator)
        weight = draw(len(x), generator)
        return _blend(x, x[partner], weight), _blend(y, y[partner], weight)

    return mixup


def cutmix_of(task: Task) -> Mixing:
    """A block of each example replaced by that of another (Yun et al. 2019); targets weigh by the share of places.

    The book cuts a patch of fixed size and weighs by a number that has nothing to do with it (slip S12).
    """

    def cutmix(x: Tensor, y: Tensor, generator: Generator) -> tuple[Tensor, Tensor]:
        y = _spread(y, task)
        partner = torch.randperm(len(x), generator=generator)
        cut = block(x, torch.rand(len(x), generator=generator), generator)
        kept = 1 - cut.flatten(1).to(x.dtype).mean(1)
        return torch.where(cut, x[partner], x), _blend(y, y[partner], kept)

    return cutmix


def _spread(y: Tensor, task: Task) -> Tensor:
    return functional.one_hot(y, task.outputs).float() if task.target == "class" else y


def _blend(ours: Tensor, theirs: Tensor, weight: Tensor) -> Tensor:
    weight = weight.view(-1, *[1] * (ours.dim() - 1))
    return weight * ours + (1 - weight) * theirs
