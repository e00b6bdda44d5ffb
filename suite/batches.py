"""Which examples each step of training takes."""

from collections.abc import Iterator

import torch
from torch import Tensor

from suite.seeds import torch_stream
from suite.trial import Trial


def batches(trial: Trial, examples: int, after: int = 0) -> Iterator[Tensor]:
    """Row numbers of each batch after so many steps.

    Every epoch is a fresh permutation that depends on task, seed and epoch only. What does not fill a batch at
    the end of an epoch is left out.
    """
    size = batch_size(trial, examples)
    per_epoch = examples // size
    for step in range(after, trial.budget.steps):
        epoch, place = divmod(step, per_epoch)
        if place == 0 or step == after:
            order = torch.randperm(examples, generator=torch_stream(trial.task, trial.seed, "order", epoch))
        yield order[place * size : (place + 1) * size]


def batch_size(trial: Trial, examples: int) -> int:
    """Examples in a batch: as many as wanted, or all there are; all of them for gradient descent."""
    return examples if trial.budget.optimizer == "gd" else min(trial.budget.batch, examples)
