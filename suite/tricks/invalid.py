"""Augmentation that is wrong on purpose: half of the examples are turned round, and the answer is not (section 9.2.3).

A 6 upside down is a 9. Images turn by 180 degrees, series run backwards, volumes are seen from the far corner, and the
numbers of a table are mirrored at their means. What it costs says what a careless augmentation costs.
"""

from collections.abc import Callable

import torch
from torch import Generator, Tensor

from tasks.task import Task

SHARE = 0.5  # of the examples


def invalid_of(task: Task) -> Callable[[Tensor, Tensor, Generator], tuple[Tensor, Tensor]]:
    """Half of the examples turned round."""
    turn = turn_of(task)

    def invalid(x: Tensor, y: Tensor, generator: Generator) -> tuple[Tensor, Tensor]:
        chosen = torch.rand(len(x), *[1] * (x.dim() - 1), generator=generator) < SHARE
        return torch.where(chosen, turn(x), x), y

    return invalid


def turn_of(task: Task) -> Callable[[Tensor], Tensor]:
    """What turns examples round. Category columns of a table stay."""
    if task.data != "tabular":
        return lambda x: x.flip(tuple(range(1, x.dim() - 1)))
    numbers = torch.tensor(task.categories or [0] * task.shape[0]) == 0
    return lambda x: torch.where(numbers, -x, x)
