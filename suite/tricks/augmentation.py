"""Training examples varied at random, by what leaves the answer of that data type alone (book section 9.2.3).

Axes: B batch, F features, L time, H height, W width, C channels, K classes or outputs. An augmentation
takes inputs, targets and a generator, and returns new inputs and targets. Nothing of this happens at
evaluation, because only the training loop calls it.

Why not kornia, which needs no torchvision and is well kept: its augmentations take no generator. They draw from torch's
global state (seen with 0.9.0), and dropout draws from that too, so that an arm with an augmentation would not be paired
with one without. It is for images, and the same levels are here for series, tables and volumes as well. It is not
slower: a flip, shift, turn and shear of 64 images of 32 x 32 x 3 took it 7 ms on one core, and ours 11. It is 31 MB,
with a library in Rust. What stands for it is about 400 lines in this folder, held to what they say by tests. For audio,
torch-audiomentations would bring torchaudio along; a waveform or spectrogram is varied as any series is.
"""

from collections.abc import Callable

import torch
from torch import Generator, Tensor

from suite.tricks.flip import flip
from suite.tricks.invalid import invalid_of
from suite.tricks.light import light_of
from suite.tricks.mixing import beta, cutmix_of, mixup_of
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
        case "flip":
            return flip
        case "mixup_beta":
            return mixup_of(task, beta)
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
    if level == "flip" and task.data not in ("image", "volume"):
        return f"augmentation flip mirrors pictures, left for right, and the task has {task.data} data"
    if task.categories and level in ("mixup", "mixup_beta"):
        return f"augmentation {level} has nothing to put between two categories"
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
