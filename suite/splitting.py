"""Which trials a group of processes can train: those where a try shows that slices of a batch give its gradient.

What looks at several examples at once, or draws at random for each, is another training when it sees a slice of them.

Axes: B examples of a batch.
"""

import math
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import torch
from torch import Tensor, nn

from suite import catalog
from suite.batches import batch_size
from suite.data import Part, data, pieces
from suite.graphs import Graphs
from suite.numerics import settled
from suite.parallel import Member, add_gradients
from suite.seeds import fixed
from suite.train import build
from suite.trial import Trial
from suite.tricks.losses import loss_of
from tasks.modes import Modes

EXAMPLES = 8  # of the batch that is tried, and one more, so that slices are uneven
TOLERANCE = (
    1e-7  # of a gradient in float64, beside its largest number; what is another training differs in the first digits
)


def refusal(trial: Trial, processes: int, *, on_gpu: bool = False) -> str | None:
    """Why a group of so many processes cannot train the trial, or None if it can."""
    tricks = trial.tricks
    if tricks.norm == "batch":
        return "norm batch takes its mean over the batch, of which each process sees a slice; norm group does not"
    if tricks.dropout and tricks.dropout_kind != "cutout":
        return "dropout draws its masks in the network, where each process sees a slice of the batch"
    if tricks.tuning != "scratch":
        return f"tuning {tricks.tuning} trains beforehand, on batches that are not split"
    if tricks.manifold:
        return "manifold is a mean over the nodes of the batch, of which each process sees a slice"
    if on_gpu and tricks.precision != "float32":
        return f"precision {tricks.precision} is for the processor"
    try:
        examples = len(data(trial.task, 0).train)
    except Exception:  # which the trial itself will say
        return None
    size = batch_size(trial, examples)
    if size < processes:
        return f"a batch of {size} has too few examples for {processes} processes"
    return _refusal(trial.model_copy(update={"seed": 0, "budget": Trial(task="", architecture="").budget}), processes)


@lru_cache(maxsize=1024)
def _refusal(probe: Trial, processes: int) -> str | None:
    """Try it: the gradients of slices must add up to that of the batch."""
    try:
        batch = _double(data(probe.task, probe.seed).train[: max(EXAMPLES, processes) + 1])
        with settled():
            worst = _disagreement(probe, batch, processes)
    except Exception as error:  # anybody's network
        return f"{probe.architecture} cannot be tried on slices: {str(error).partition('. ')[0]}"[:200]
    if worst <= TOLERANCE:
        return None
    return f"{probe.architecture} answers an example by others of its batch: on slices, gradients differ by {worst:.1g}"


def _disagreement(probe: Trial, batch: Part, processes: int) -> float:
    """The largest difference of any gradient between a batch and its slices, beside the largest gradient."""
    network = build(probe).double().train()
    shares = [batch[Member(rank, processes).slice(len(batch))] for rank in range(processes)]
    whole, split = (_gradient(probe, network, parts) for parts in ([batch], shares))
    worst = (whole - split).abs().max() / whole.abs().max().clamp(min=torch.finfo(whole.dtype).tiny)
    return worst.item() if worst.isfinite() else math.inf


def _gradient(probe: Trial, network: nn.Module, parts: Iterable[Part]) -> Tensor:
    """The gradient of the mean loss over all answers in these parts, of all weights in one row."""
    task, count = catalog.task(probe.task), 0
    loss = loss_of(task.target, probe.tricks)
    network.zero_grad(set_to_none=True)
    with fixed(0):
        for part in parts:
            count += add_gradients(task, loss, network(part.inputs), part.targets)[1]
    gradients = [weight.grad for weight in network.parameters() if weight.grad is not None]
    return torch.cat([gradient.flatten() for gradient in gradients]) / count


def _double(part: Part) -> Part:
    inputs: Any = [_doubled(tensor) for tensor in pieces(part.inputs)]
    match part.inputs:
        case Modes():
            inputs = Modes(tuple(inputs))
        case Graphs():
            inputs = Graphs(*inputs)
        case _:
            (inputs,) = inputs
    return Part(inputs, _doubled(part.targets))


def _doubled(tensor: Tensor) -> Tensor:
    return tensor.double() if tensor.is_floating_point() else tensor
