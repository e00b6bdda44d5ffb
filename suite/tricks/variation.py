"""All that varies a batch before the network sees it: augmentation, then cutout."""

from torch import Generator, Tensor

from suite.trial import Tricks
from suite.tricks.augmentation import Augmentation, augmentation
from suite.tricks.erase import cutout_of
from tasks.task import Task


def variation(tricks: Tricks, task: Task) -> Augmentation | None:
    """What the training loop does to inputs and targets; None: nothing."""
    vary = augmentation(tricks.augmentation, task)
    if tricks.dropout_kind != "cutout" or tricks.dropout == 0:
        return vary
    cut = cutout_of(tricks.dropout)

    def both(x: Tensor, y: Tensor, generator: Generator) -> tuple[Tensor, Tensor]:
        x, y = (x, y) if vary is None else vary(x, y, generator)
        return cut(x, generator), y

    return both
