"""Trials of one network shape trained together: their weights stacked, one vectorized step for all of them.

An execution mode, not another recipe: every member draws its own weights, batches and augmentation from its own
named streams, so it is the training it would be alone, up to the order in which sums are taken. That can change
bits, so the width is part of the record's numerics class. A group that is too small is filled up with copies of its
last member, because the width may change bits too.

Axes: N members, T steps, B batch.
"""

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import torch
from torch import Generator, Tensor, nn

from suite import catalog
from suite.data import Data, data
from suite.numerics import settled
from suite.provenance import provenance
from suite.record import Point, Provenance, Record, Result
from suite.seeds import torch_stream
from suite.stack import Stack
from suite.train import (
    POINT_EXAMPLES,
    _cost,
    _diverged,
    _failure,
    _is_point,
    _unloaded,
    batch_size,
    batches,
    build,
    evaluate,
    rate,
    weights_digest,
)
from suite.trial import Trial
from suite.tricks.augmentation import augmentation
from tasks.task import Task


@dataclass
class Member:
    """One trial of the group: its network, its data, what its augmentation draws from, and how it went so far."""

    trial: Trial
    network: nn.Module
    examples: Data
    chance: Generator
    curve: list[Point] = field(default_factory=list)
    result: Result | None = None

    def batch(self, rows: Tensor, task: Task) -> tuple[Tensor, Tensor]:
        part, vary = self.examples.train, augmentation(self.trial.tricks.augmentation, task)
        inputs, targets = part.inputs[rows], part.targets[rows]
        assert isinstance(inputs, Tensor)  # what is refused otherwise by suite.fusion
        return (inputs, targets) if vary is None else vary(inputs, targets, self.chance)

    def look(self, step: int, losses_T: Tensor, task: Task) -> None:
        """Note a point of the curve, or that the training came to nothing."""
        finite, valid = losses_T.isfinite(), self.examples.valid
        if not finite.all():
            first = step - len(losses_T) + 1 + int(finite.logical_not().nonzero()[0, 0])
            self.result = _diverged(first, self.curve, f"loss not finite at step {first}")
            return
        score = evaluate(self.network, task, valid[:POINT_EXAMPLES])
        if not math.isfinite(score):
            self.result = _diverged(step, self.curve, f"outputs not finite after step {step}")
            return
        self.curve.append(Point(step=step, loss=losses_T.double().mean().item(), valid=score))

    def finish(self, task: Task) -> None:
        steps, examples = self.trial.budget.steps, self.examples
        valid, test = evaluate(self.network, task, examples.valid), evaluate(self.network, task, examples.test)
        if not (math.isfinite(valid) and math.isfinite(test)):
            self.result = _diverged(steps, self.curve, "outputs not finite after the last step")
            return
        weights = weights_digest(self.network)
        self.result = Result(
            outcome="finished", steps=steps, valid=valid, test=test, curve=tuple(self.curve), weights=weights
        )


def learn(members: Sequence[Member], task: Task) -> Iterator[tuple[int, Tensor]]:
    """All steps; pauses at every point of the curve with the step reached and the losses since the last one, (T, N)."""
    trials = [member.trial for member in members]
    steps, losses = trials[0].budget.steps, list[Tensor]()
    stack = Stack([member.network.train() for member in members])
    optimizer = stack.optimizer(trials)
    rows = zip(*(batches(member.trial, len(member.examples.train)) for member in members), strict=True)
    for step, rows_N in enumerate(rows, start=1):
        inputs, targets = zip(*(m.batch(r, task) for m, r in zip(members, rows_N, strict=True)), strict=True)
        for group in optimizer.param_groups:
            group["lr"] = rate(group["budget"], step)
        losses_N = stack.losses(task.target, torch.stack(inputs), torch.stack(targets))
        stack.step(optimizer, losses_N)
        losses.append(losses_N.detach())
        if _is_point(step, steps):
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
    trained = dict(zip((t.id for t in there), _train(there, loaded, width), strict=True)) if there else {}
    return [(lost | trained)[trial.id] for trial in trials]


def _train(trials: Sequence[Trial], loaded: dict[str, Data], width: int) -> list[Record]:
    first, filled = trials[0], [*trials, *[trials[-1]] * (width - len(trials))]
    mode = f"fused-{width}"
    origins = [provenance(t.task, t.architecture, loaded[t.id].fingerprint, mode) for t in trials]
    started = time.perf_counter()
    members = list[Member]()
    with settled():
        try:
            members = [enlist(trial, loaded[trial.id]) for trial in filled]
            results = _follow(members, catalog.task(first.task))
        except Exception as error:  # as for a trial alone, and what one member raises all raise
            results = [_failure(error)] * width
    seconds = (time.perf_counter() - started) / len(trials)
    return [
        _record(trial, result, origin, members[place].network if members else None, loaded[trial.id], seconds)
        for place, (trial, result, origin) in enumerate(zip(trials, results, origins, strict=False))
    ]


def enlist(trial: Trial, examples: Data) -> Member:
    """The trial before its first step."""
    return Member(trial, build(trial), examples, torch_stream(trial.task, trial.seed, "augmentation"))


def _follow(members: Sequence[Member], task: Task) -> list[Result]:
    """Train all members; one that comes to nothing is looked at no more, and computed on with the others."""
    for step, losses_TN in learn(members, task):
        for member, losses_T in zip(members, losses_TN.unbind(1), strict=True):
            if member.result is None:
                member.look(step, losses_T, task)
        if all(member.result for member in members):
            break
    for member in members:
        if member.result is None:
            member.finish(task)
    return [member.result for member in members if member.result is not None]


def _record(
    trial: Trial, result: Result, origin: Provenance, network: nn.Module | None, examples: Data, seconds: float
) -> Record:
    task, batch = catalog.task(trial.task), batch_size(trial, len(examples.train))
    cost = _cost(network, trial, result.steps, batch, seconds)
    return Record(trial=trial, metric=task.metric, chance=task.chance, result=result, cost=cost, provenance=origin)
