"""Training examples varied at random, by what leaves the answer of that data type alone (book section 9.2.3).

Axes: B batch, F features, L time, H height, W width, C channels, K classes or outputs. An augmentation
takes inputs, targets and a generator, and returns new inputs and targets. Nothing of this happens at
evaluation, because only the training loop calls it.
"""

from collections.abc import Callable

import torch
from torch import Generator, Tensor
from torch.nn import functional

from tasks.task import DataType, Task

Augmentation = Callable[[Tensor, Tensor, Generator], tuple[Tensor, Tensor]]

NOISE = 0.1  # standard deviations of the standardized input
SWAP = 0.1  # share of a row's features taken from another row
SHIFT = 0.125  # of the side of an image or the length of a series, rounded to at least one place
STRETCH = 0.1  # of the amplitude of a series


def augmentation(level: str, task: Task) -> Augmentation | None:
    """The augmentation of that name for the data type of `task`; None for "none"."""
    match level:
        case "none":
            return None
        case "noise":
            return _noise
        case "light":
            return LIGHT[task.data]
        case "mixup":
            return _mixup_of(task)
    raise ValueError(f"no augmentation {level!r}")


def _noise(x: Tensor, y: Tensor, generator: Generator) -> tuple[Tensor, Tensor]:
    return x + NOISE * torch.randn(x.shape, generator=generator), y


def _mixup_of(task: Task) -> Augmentation:
    """Convex combinations of pairs, weight uniform in [0, 1]; a class becomes a distribution over classes."""

    def mixup(x: Tensor, y: Tensor, generator: Generator) -> tuple[Tensor, Tensor]:
        y = functional.one_hot(y, task.outputs).float() if task.target == "class" else y
        partner = torch.randperm(len(x), generator=generator)
        weight = torch.rand(len(x), generator=generator)
        return _blend(x, x[partner], weight), _blend(y, y[partner], weight)

    return mixup


def _blend(ours: Tensor, theirs: Tensor, weight: Tensor) -> Tensor:
    weight = weight.view(-1, *[1] * (ours.dim() - 1))
    return weight * ours + (1 - weight) * theirs


def _swap_features(x_BF: Tensor, y: Tensor, generator: Generator) -> tuple[Tensor, Tensor]:
    """Some features of each row replaced by those of another row: every value stays one that occurs."""
    partner = torch.randperm(len(x_BF), generator=generator)
    swapped = torch.rand(x_BF.shape, generator=generator) < SWAP
    return torch.where(swapped, x_BF[partner], x_BF), y


def _shift_and_stretch(x_BLC: Tensor, y: Tensor, generator: Generator) -> tuple[Tensor, Tensor]:
    amplitude = 1 + STRETCH * (2 * torch.rand(len(x_BLC), 1, 1, generator=generator) - 1)
    return _shifted(x_BLC, 1, generator) * amplitude, y


def _shift_in_the_plane(x_BHWC: Tensor, y: Tensor, generator: Generator) -> tuple[Tensor, Tensor]:
    return _shifted(_shifted(x_BHWC, 1, generator), 2, generator), y


def _shifted(x: Tensor, axis: int, generator: Generator) -> Tensor:
    """Each example moved along `axis` by its own random number of places; what enters repeats the border."""
    length = x.shape[axis]
    farthest = max(1, round(SHIFT * length))
    shift = torch.randint(-farthest, farthest + 1, (len(x), 1), generator=generator)
    source = (torch.arange(length) + shift).clamp(0, length - 1)
    source = source.view(len(x), *[length if a == axis else 1 for a in range(1, x.dim())])
    return x.gather(axis, source.expand_as(x))


LIGHT: dict[DataType, Augmentation] = {
    "tabular": _swap_features,
    "series": _shift_and_stretch,
    "image": _shift_in_the_plane,
}
