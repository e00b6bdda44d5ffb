"""Strong augmentation: two of several changes, drawn for each example, as in RandAugment (Cubuk et al. 2020).

The changes are ours: those of RandAugment that have a meaning for standardized numbers. Tables have no such list; they
are varied as lightly, three times as often, and with noise.

Axes: B batch, H height, W width, C channels last.
"""

from collections.abc import Callable, Sequence
from math import pi

import torch
from torch import Generator, Tensor
from torch.nn import functional

from suite.tricks.erase import block
from suite.tricks.light import moved, stretched, swapped
from tasks.task import Task

Change = Callable[[Tensor, Generator], Tensor]

DRAWN = 2  # changes of each example, perhaps the same twice
SWAP, SHIFT, STRETCH, NOISE, ERASE = 0.3, 0.25, 0.5, 0.2, 0.1
TURN, SHEAR = pi / 6, 0.3  # RandAugment's largest


def strong_of(task: Task) -> Callable[[Tensor, Tensor, Generator], tuple[Tensor, Tensor]]:
    """For tables with their columns of numbers; for everything with places by its number of axes."""
    if task.data == "tabular":
        numbers = torch.tensor(task.categories or [0] * task.shape[0]) == 0
        return lambda x, y, generator: (_noisy(swapped(x, numbers, SWAP, generator), generator, numbers), y)
    changes = [*CHANGES, *IN_THE_PLANE] if task.data == "image" else CHANGES
    return lambda x, y, generator: (_drawn(changes, x, generator), y)


def _drawn(changes: Sequence[Change], x: Tensor, generator: Generator) -> Tensor:
    for _ in range(DRAWN):
        chosen_B = torch.randint(len(changes), (len(x),), generator=generator)
        for number, change in enumerate(changes):
            ours = chosen_B == number
            if ours.any():
                x = x.masked_scatter(ours.view(-1, *[1] * (x.dim() - 1)), change(x[ours], generator))
    return x


def _noisy(x: Tensor, generator: Generator, columns: Tensor | float = 1.0) -> Tensor:
    return x + NOISE * columns * torch.randn(x.shape, generator=generator)


def _lifted(x: Tensor, generator: Generator) -> Tensor:
    """Brightness: a number added to all of an example."""
    return x + STRETCH * (2 * torch.rand(len(x), *[1] * (x.dim() - 1), generator=generator) - 1)


def _erased(x: Tensor, generator: Generator) -> Tensor:
    return x.masked_fill(block(x, torch.full((len(x),), ERASE), generator), 0.0)


def _turned(x_BHWC: Tensor, generator: Generator) -> Tensor:
    angle_B = TURN * (2 * torch.rand(len(x_BHWC), generator=generator) - 1)
    return _warped(x_BHWC, angle_B.cos(), -angle_B.sin(), angle_B.sin(), angle_B.cos())


def _sheared(x_BHWC: Tensor, generator: Generator) -> Tensor:
    share_B = SHEAR * (2 * torch.rand(len(x_BHWC), generator=generator) - 1)
    one_B, zero_B = torch.ones(len(x_BHWC)), torch.zeros(len(x_BHWC))
    upright = torch.rand(len(x_BHWC), generator=generator) < 0.5
    return _warped(x_BHWC, one_B, share_B.where(upright, zero_B), share_B.where(~upright, zero_B), one_B)


def _warped(x_BHWC: Tensor, *matrix: Tensor) -> Tensor:
    """The image seen through a linear map of its plane; what enters repeats the border."""
    matrix_B23 = functional.pad(torch.stack(matrix, 1).view(-1, 2, 2), (0, 1))
    x_BCHW = x_BHWC.movedim(-1, 1)
    grid = functional.affine_grid(matrix_B23.to(x_BHWC.dtype), list(x_BCHW.shape), align_corners=False)
    return functional.grid_sample(x_BCHW, grid, padding_mode="border", align_corners=False).movedim(1, -1)


CHANGES: Sequence[Change] = (
    lambda x, generator: x,
    lambda x, generator: moved(x, SHIFT, generator),
    lambda x, generator: stretched(x, STRETCH, generator),
    _lifted,
    _noisy,
    _erased,
)
IN_THE_PLANE: Sequence[Change] = (_turned, _sheared)
