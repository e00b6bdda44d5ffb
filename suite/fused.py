"""Trials of one network shape trained together: their weights stacked, one vectorized step for all of them.

An execution mode, not another recipe: every member draws its own weights, batches and augmentation from its own
named streams, so it is the training it would be alone, up to the order in which sums are taken. That can change
bits, so the width is part of the record's numerics class. A group that is too small is filled up with copies of its
last member, because the width may change bits too.

Axes: N members, T steps, B batch.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Generator, Tensor, nn

from suite import catalog
from suite.batches import batch_size, batches
from suite.cost import parameters
from suite.course import Course, is_point
from suite.data import Data, data
from suite.numerics import settled
from suite.provenance import provenance
from suite.record import Provenance, Record, Result
from suite.seeds import torch_stream
from suite.stack import Stack
from suite.train import _cost, _failure, _unloaded, build
from suite.trial import Trial
from suite.tricks.augmentation import Augmentation
from suite.tricks.losses import loss_of
from suite.tricks.optimizer import rate
from suite.tricks.variation import variation
from tasks.task import Task


@dataclass
class Member:
    """One trial of the group: its network, its data, what its augmentation draws from, and how it went so far."""

    trial: Trial
    network: nn.Module
    examples: Data
    chance: Generator
    vary: Augmentation | None
    course: Course
    result: Result | None = None

    def batch(self, rows: Tensor) -> tuple[Tensor, Tensor]:
        part = self.examples.train
        inputs, targets = part.inputs[rows], part.targets[rows]
        assert isinstance(inputs, Tensor)  # what is refused otherwise by suite.fusion
        return (inputs, targets) if self.vary is None else self.vary(inputs, targets, self.chance)


def learn(members: Sequence[Member], task: Task) -> Iterator[tuple[int, Tensor]]:
    """All steps; pauses at every point of the curve with the step reached and the losses since the last one, (T, N)."""
    trials = [member.trial for member in members]
    steps, losses = trials[0].budget.steps, list[Tensor]()
    stack = Stack([member.network.train() for member in members])
    optimizer, loss = stack.optimizer(trials), loss_of(task.target, trials[0].tricks)
    rows = zip(*(batches(member.trial, len(member.examples.train)) for member in members), strict=True)
    for step, rows_N in enumerate(rows, start=1):
        inputs, targets = zip(*(m.batch(r) for m, r in zip(members, rows_N, strict=True)), strict=True)
        for group in optimizer.param_groups:
            group["lr"] = rate(group["budget"], step)
        losses_N = stack.losses(loss, torch.stack(inputs), torch.stack(targets))
        stack.step(optimizer, losses_N)
        losses.append(losses_N.detach())
        if is_point(step, steps):
            yield step, torch.stack(losses)
            losses.clear()


def train_together(trials: Sequence[Trial], width: int) -> list[Record]:
    """Train trials of one kind, at most `width`, in one go; a record for each, in their order."""
    assert 1 <= len(trials) <= width  # all of one kind, as suite.fusion groups them
    task = catalog.task(trials[0].task)
    loaded, lost = dict[str, Data](), dict[str, Record]()
    for trial in trials:
        try:
            loaded[trial.id] = data(trial.task, trial.seed)
        except Exception as error:  # as for a trial alone; the others go on
            lost[trial.id] = _unloaded(trial, task, error)
    there = [trial for trial in trials if trial.id in loaded]
    trained = {record.id: record for record in _train(there, loaded, width)} if there else {}
    return [(lost | trained)[trial.id] for trial in trials]


def _train(trials: Sequence[Trial], loaded: dict[str, Data], width: int) -> list[Record]:
    """What one member raises is charged to no other: each is then trained again in a group that is filled with it."""
    first, filled = trials[0], [*trials, *[trials[-1]] * (width - len(trials))]
    mode = f"fused-{width}"
    origins = [provenance(t.task, t.architecture, loaded[t.id].fingerprint, mode) for t in trials]
    started = time.perf_counter()
    members, failure = list[Member](), None
    with settled():
        try:
            members = [enlist(trial, loaded[trial.id]) for trial in filled]
            results = _follow(members, catalog.task(first.task))
        except Exception as error:  # as for a trial alone
            failure = _failure(error)
    if failure is not None:
        if len(trials) > 1:
            members.clear()  # which may be what has no room
            return [record for trial in trials for record in _train([trial], loaded, width)]
        results = [failure]
    seconds = (time.perf_counter() - started) / len(trials)
    return [
        _record(trial, result, origin, members[place].network if members else None, loaded[trial.id], seconds)
        for place, (trial, result, origin) in enumerate(zip(trials, results, origins, strict=False))
    ]


def enlist(trial: Trial, examples: Data) -> Member:
    """The trial before its first step."""
    network, chance = build(trial), torch_stream(trial.task, trial.seed, "augmentation")
    vary = variation(trial.tricks, catalog.task(trial.task))
    return Member(trial, network, examples, chance, vary, Course(trial, network))


def _follow(members: Sequence[Member], task: Task) -> list[Result]:
    """Train all members; one that comes to nothing is looked at no more, and computed on with the others."""
    for step, losses_TN in learn(members, task):
        for member, losses_T in zip(members, losses_TN.unbind(1), strict=True):
            if member.result is None:
                member.result = member.course.look(step, losses_T, task, member.examples.valid)
        if all(member.result for member in members):
            break
    for member in members:
        if member.result is None:
            member.result = member.course.finish(task, member.examples)
    return [member.result for member in members if member.result is not None]


def _record(
    trial: Trial, result: Result, origin: Provenance, network: nn.Module | None, examples: Data, seconds: float
) -> Record:
    task, batch = catalog.task(trial.task), batch_size(trial, len(examples.train))
    size = 0 if network is None else parameters(network)
    cost = _cost(size, trial, result.steps, batch, seconds)
    return Record(trial=trial, metric=task.metric, chance=task.chance, result=result, cost=cost, provenance=origin)
