"""Training examples varied at random, by what leaves the answer of that data type alone (book section 9.2.3).

Axes: B batch, F features, L time, H height, W width, C channels, K classes or outputs. An augmentation
takes inputs, targets and a generator, and returns new inputs and targets. Nothing of this happens at
evaluation, because only the training loop calls it.
"""

from collections.abc import Callable

import torch
from torch import Generator, Tensor

from suite.tricks.invalid import invalid_of
from suite.tricks.light import light_of
from suite.tricks.mixing import cutmix_of, mixup_of
from suite.tricks.strong import strong_of
from tasks.task import Task

Augmentation = Callable[[Tensor, Tensor, Generator], tuple[Tensor, Tensor]]

NOISE = 0.1  # standard deviations of the standardized input


def augmentation(level: str, task: Task) -> Augmentation | None:
    """The augmentation of that name for the data type of `task`; None for "none". ValueError if it has no meaning."""
    reason = refusal(level, task)
    if reason is not None:
        raise ValueError(reason)
    match level:
        case "none":
            return None
        case "noise":
            return _noise_of(task)
        case "light":
            return light_of(task)
        case "strong":
            return strong_of(task)
        case "mixup":
            return mixup_of(task)
        case "cutmix":
            return cutmix_of(task)
        case "invalid":
            return invalid_of(task)
    raise ValueError(f"no augmentation {level!r}")


def refusal(level: str, task: Task) -> str | None:
    """Why this augmentation has no meaning for the task, or None if it has."""
    if level == "none":
        return None
    if task.data in ("graph", "multimodal"):
        return f"augmentation {level} is not defined for {task.data} data"
    if task.vocabulary:
        return f"augmentation {level} varies numbers, and the task has tokens"
    if level == "noise":
        return None
    if task.per != "example":
        return f"augmentation {level} would move what the answers at every place are about"
    if task.padded:
        return f"augmentation {level} would mix what is there with places past the end"
    if task.categories and level == "mixup":
        return "augmentation mixup has nothing to put between two categories"
    if task.data == "tabular" and level == "cutmix":
        return "augmentation cutmix cuts neighbours out, and columns of a table have none"
    return None


def _noise_of(task: Task) -> Augmentation:
    """Gaussian noise on numbers; category columns stay."""
    scale: float | Tensor = NOISE
    if task.categories:
        scale = NOISE * (torch.tensor(task.categories) == 0)

    def noise(x: Tensor, y: Tensor, generator: Generator) -> tuple[Tensor, Tensor]:
        return x + scale * torch.randn(x.shape, generator=generator), y

    return noise
