"""A network's score on one split, without the tricks of training.

Axes: S stochastic passes, M answers, K classes or values.
"""

import math
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import torch
from torch import Tensor, nn

from suite.data import Part
from suite.objective import Invalid, answers, score
from suite.seeds import fixed
from suite.tricks.dropout import Dropout
from suite.tricks.precision import in_precision
from tasks.task import Task

CHUNK = 1024  # examples scored at once


@torch.no_grad()
def evaluate(
    network: nn.Module, task: Task, part: Part, *, precision: str = "float32", samples: int = 0, seed: int = 0
) -> float:
    """The task's metric; NaN if an output is not finite. Raises Invalid where that of finite outputs is no number.

    With `samples`, outputs are the average of so many passes with dropout (MC dropout, book section 9.3.1), whose masks
    `seed` draws; of classes, it is the probabilities that are averaged.
    """
    ask = in_precision(precision, network)
    network.eval()
    with _dropping(network, seed) if samples else nullcontext():
        answered = []
        for chunk in part.split(CHUNK):
            passes = [ask(chunk.inputs) for _ in range(max(1, samples))]
            pairs = [answers(task, outputs, chunk.targets) for outputs in passes]
            answered.append((_average(task, [outputs for outputs, _ in pairs]), pairs[0][1]))
    network.train()
    outputs, targets = (torch.cat(pieces) for pieces in zip(*answered, strict=True))
    if not outputs.isfinite().all():
        return math.nan
    value = score(task, outputs, targets)
    if not math.isfinite(value):
        raise Invalid(f"the {task.metric} of finite outputs is {value}, which is no score")
    return value


@contextmanager
def _dropping(network: nn.Module, seed: int) -> Iterator[None]:
    """Dropout as in training, and nothing else; torch's random state is another's."""
    for module in network.modules():
        if isinstance(module, Dropout):
            module.train()
    with fixed(seed):
        yield


def _average(task: Task, outputs_S: list[Tensor]) -> Tensor:
    """One output from those of all passes; of classes, logarithms of mean probabilities."""
    if len(outputs_S) == 1:
        return outputs_S[0]
    outputs_SMK = torch.stack(outputs_S)
    if task.target == "value":
        return outputs_SMK.mean(0)
    return outputs_SMK.log_softmax(-1).logsumexp(0) - math.log(len(outputs_S))
