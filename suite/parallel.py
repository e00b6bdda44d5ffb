"""One trial trained by a group of processes: each takes its slice of every batch, and all take the same step.

An execution mode, not another recipe: every process makes the whole batch, as a trial alone does, and asks its network
about a slice of it. The gradient of the batch is the sum of theirs, each weighted by its number of answers. That can
change bits, because sums are taken in another order, so the number of processes is part of the record's numerics
class. The first process looks at the network, scores it and has the record.

Who starts the processes has connected them by torch.distributed: suite/group.py on this machine, and
suite/cluster/group.py with Ray Train.

Axes: B examples of a slice, M answers, T steps.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, distributed, nn
from torch.nn.utils import clip_grad_norm_

from suite import catalog, checkpoint
from suite.batches import batch_size, batches
from suite.cost import parameters
from suite.course import is_point
from suite.data import Data, Part, data, pieces
from suite.graphs import Graphs
from suite.numerics import settled
from suite.objective import answers
from suite.provenance import provenance
from suite.record import UNAVAILABLE, Cost, Provenance, Record, Result
from suite.seeds import fixed, stream
from suite.train import Training, _cost, _failure, begin, build
from suite.trial import Trial
from suite.tricks.losses import Loss, loss_of
from suite.tricks.optimizer import rate
from suite.tricks.precision import in_precision
from suite.tricks.sparsity import penalty
from suite.tricks.variation import variation
from tasks.modes import Modes
from tasks.task import Task

CPU = torch.device("cpu")


class PeerLost(Exception):
    """Another process of the group is gone, or does not answer."""


class Failed(Exception):
    """Training raised something in this process; `result` is what is recorded of it."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.result = Result.model_validate_json(text)


@dataclass(frozen=True)
class Member:
    """This process in its group: which of how many, and where its network lies."""

    rank: int
    size: int
    device: torch.device = CPU

    @property
    def is_first(self) -> bool:
        return self.rank == 0

    def slice(self, length: int) -> slice:
        """Its share of a batch; the first ones take one more where it does not come out even."""
        each, more = divmod(length, self.size)
        start = self.rank * each + min(self.rank, more)
        return slice(start, start + each + (self.rank < more))

    def placed(self, inputs: Any) -> Any:
        """Inputs, or targets, where its network lies."""
        if self.device == CPU:
            return inputs
        moved = [tensor.to(self.device) for tensor in pieces(inputs)]
        match inputs:
            case Modes():
                return Modes(tuple(moved))
            case Graphs():
                return Graphs(*moved)
        return moved[0]


def train_part(trial: Trial, mode: str, device: torch.device = CPU, checkpoints: Path | None = None) -> Record | None:
    """This process's part of the training; the record in the first one, None in the others.

    Raises PeerLost, or Failed with what the training itself has raised; whoever started the group then ends it.
    """
    me = Member(distributed.get_rank(), distributed.get_world_size(), device)
    task = catalog.task(trial.task)
    started = time.perf_counter()
    try:
        examples = data(trial.task, trial.seed)
        origin = provenance(trial.task, trial.architecture, examples.fingerprint, mode)
        kept = checkpoint.path(checkpoints, trial.id, origin.answered_by) if checkpoints and me.is_first else None
        with settled(), fixed(stream(trial.task, trial.seed, "noise")):
            network = build(trial)
            size = parameters(network)
            result = _fit(network, trial, task, examples, checkpoint.Keeper(kept), me)
    except PeerLost:
        raise
    except Exception as error:  # as for a trial alone
        raise Failed(_failure(error).model_dump_json()) from error
    if result is None:
        return None
    seconds = time.perf_counter() - started
    cost = _cost(size, trial, result.steps, batch_size(trial, len(examples.train)), seconds)
    return _record(trial, result, cost, origin)


def failed(trial: Trial, result: Result, mode: str) -> Record:
    """The record of a trial of which one process has raised something."""
    try:
        content = data(trial.task, trial.seed).fingerprint
    except Exception:  # which may be what was raised
        content = UNAVAILABLE
    return _record(trial, result, Cost(), provenance(trial.task, trial.architecture, content, mode))


def _record(trial: Trial, result: Result, cost: Cost, origin: Provenance) -> Record:
    task = catalog.task(trial.task)
    return Record(trial=trial, metric=task.metric, chance=task.chance, result=result, cost=cost, provenance=origin)


def _fit(
    network: nn.Module, trial: Trial, task: Task, examples: Data, keeper: checkpoint.Keeper, me: Member
) -> Result | None:
    """Train and score; the result in the first process."""
    training = begin(network, trial)
    if me.device != CPU:
        training = _moved(training, trial, me)
    state = _same([keeper.restore() if me.is_first else None], me)
    if state is not None:
        training.restore(state)
    result = _follow(training, trial, task, examples, keeper, me)
    keeper.discard()
    return result


def _moved(training: Training, trial: Trial, me: Member) -> Training:
    """The same training on an accelerator. What is looked at and scored is a copy that stays on the processor."""
    training.course.network = deepcopy(training.network)
    training.network.to(me.device)
    return training


def _follow(
    training: Training, trial: Trial, task: Task, examples: Data, keeper: checkpoint.Keeper, me: Member
) -> Result | None:
    """As for a trial alone, but that only the first process looks, and tells the others whether to go on."""
    course = training.course
    if not course.is_over:
        for losses_T in learn(training, trial, task, examples.train, me):
            lost = None
            if me.is_first:
                _see(training)
                lost = course.look(training.step, losses_T.cpu(), task, examples.valid)
                if lost is None and keeper.is_due:
                    keeper.save(training.state())
            if _same([lost is not None or course.is_over], me):
                if lost is not None or not me.is_first:
                    return lost
                break
    if not me.is_first:
        return None
    _see(training)
    return course.finish(task, examples)


def _see(training: Training) -> None:
    """Bring the copy that is looked at up to date, if it is one."""
    if training.course.network is not training.network:
        training.course.network.load_state_dict(training.network.state_dict())


def learn(training: Training, trial: Trial, task: Task, part: Part, me: Member) -> Iterator[Tensor]:
    """The steps that are left; pauses at every point of the curve with the losses of whole batches since the last."""
    network, stepper, losses, budget = training.network, training.optimizer, list[Tensor](), trial.budget
    ask, loss = in_precision(trial.tricks.precision, network), loss_of(task.target, trial.tricks)
    vary, extra = variation(trial.tricks, task), penalty(trial.tricks.sparsity, network, budget.penalty)
    weights = [weight for weight in network.parameters() if weight.requires_grad]
    network.train()
    for step, rows in enumerate(batches(trial, len(part), training.step), start=training.step + 1):
        mine = me.slice(len(rows))
        batch = part[rows if vary is not None else rows[mine]]
        inputs, targets = batch.inputs, batch.targets
        if vary is not None:  # of the whole batch, whose examples it may mix
            assert isinstance(inputs, Tensor)
            inputs, targets = (varied[mine] for varied in vary(inputs, targets, training.chance))
        for group in stepper.param_groups:
            group["lr"] = rate(budget, step)
        stepper.zero_grad(set_to_none=True)
        total, count = add_gradients(task, loss, ask(me.placed(inputs)), me.placed(targets), extra)
        with _others():
            losses.append(_gather(weights, total, count))
        if budget.clip:
            clip_grad_norm_(weights, budget.clip)
        stepper.step()
        if is_point(step, budget.steps):
            training.step = step
            yield torch.stack(losses)
            losses.clear()


def add_gradients(task: Task, loss: Loss, outputs: Tensor, targets: Tensor, extra: Any = None) -> tuple[Tensor, int]:
    """Add the gradients of the sum of losses over these answers; that sum, without the penalty, and their number."""
    outputs_MK, targets_M = answers(task, outputs, targets)
    count = len(outputs_MK)
    if count == 0:  # whose mean is not a number
        return outputs.new_zeros(()), 0
    value = loss(outputs_MK, targets_M)
    ((value if extra is None else value + extra()) * count).backward()
    return value.detach() * count, count


def _gather(weights: list[nn.Parameter], total: Tensor, count: int) -> Tensor:
    """Make every gradient that of the whole batch, and return its loss; one message for all.

    A weight that no process had a gradient for has none then, as in a trial alone.
    """
    gradients = [weight.grad for weight in weights]
    flags = total.new_tensor([float(gradient is not None) for gradient in gradients])
    flat = [w.new_zeros(w.numel()) if g is None else g.flatten() for w, g in zip(weights, gradients, strict=True)]
    message = torch.cat([*flat, flags, total[None], total.new_tensor([float(count)])])
    distributed.all_reduce(message)
    *sums, flags, told = message.split([*(weight.numel() for weight in weights), len(weights), 2])
    for weight, gradient, there in zip(weights, sums, flags.tolist(), strict=True):
        weight.grad = (gradient / told[1]).view_as(weight) if there else None
    return told[0] / told[1]


def _same(said: list[Any], me: Member) -> Any:
    """What the first process says, in all of them."""
    with _others():
        distributed.broadcast_object_list(said, src=0, device=me.device)
    return said[0]


@contextmanager
def _others() -> Iterator[None]:
    try:
        yield
    except RuntimeError as error:  # which is all that torch says when a connection is closed
        raise PeerLost(str(error)[:500]) from error
