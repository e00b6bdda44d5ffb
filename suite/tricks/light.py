"""Light augmentation: a small change that examples of the type bear anyway (book section 9.2.3).

Tables swap a few values between rows, everything with places is shifted a little, and series are stretched too.
Axes: B batch, F features, C channels last.
"""

from collections.abc import Callable

import torch
from torch import Generator, Tensor

from tasks.task import Task

SWAP = 0.1  # share of a row's features taken from another row
SHIFT = 0.125  # of the side of an image or the length of a series, rounded to at least one place
STRETCH = 0.1  # of the amplitude of a series


def light_of(task: Task) -> Callable[[Tensor, Tensor, Generator], tuple[Tensor, Tensor]]:
    """For tables with their columns of numbers; for series, images and volumes alike."""
    if task.data == "tabular":
        numbers = torch.tensor(task.categories or [0] * task.shape[0]) == 0
        return lambda x, y, generator: (swapped(x, numbers, SWAP, generator), y)
    if len(task.shape) == 2:
        return lambda x, y, generator: (stretched(shifted(x, 1, SHIFT, generator), STRETCH, generator), y)
    return lambda x, y, generator: (moved(x, SHIFT, generator), y)


def swapped(x_BF: Tensor, columns_F: Tensor, share: float, generator: Generator) -> Tensor:
    """Some values of each row replaced by those of another row: every value stays one that occurs in its column."""
    partner = torch.randperm(len(x_BF), generator=generator)
    chosen = (torch.rand(x_BF.shape, generator=generator) < share) & columns_F
    return torch.where(chosen, x_BF[partner], x_BF)


def stretched(x: Tensor, share: float, generator: Generator) -> Tensor:
    """Each example's amplitude times a number within 1 +- share."""
    number = torch.rand(len(x), *[1] * (x.dim() - 1), generator=generator)
    return x * (1 + share * (2 * number - 1))


def moved(x: Tensor, share: float, generator: Generator) -> Tensor:
    """Shifted along every axis of places."""
    for axis in range(1, x.dim() - 1):
        x = shifted(x, axis, share, generator)
    return x


def shifted(x: Tensor, axis: int, share: float, generator: Generator) -> Tensor:
    """Each example moved along `axis` by its own random number of places; what enters repeats the border."""
    length = x.shape[axis]
    farthest = max(1, round(share * length))
    shift = torch.randint(-farthest, farthest + 1, (len(x), 1), generator=generator)
    source = (torch.arange(length) + shift).clamp(0, length - 1)
    source = source.view(len(x), *[length if a == axis else 1 for a in range(1, x.dim())])
    return x.gather(axis, source.expand_as(x))
