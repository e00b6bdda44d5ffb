"""One trial in, one record out. Pure torch: no Ray, no MLflow, and no clock in the result."""

import resource
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Generator, Tensor, nn
from torch.nn.utils import clip_grad_norm_
from torch.optim import Optimizer

from suite import catalog, checkpoint
from suite.batches import batch_size, batches
from suite.cost import parameters, training_flops
from suite.course import Course, is_point
from suite.data import Data, Part, data
from suite.nn.initialization import initialize
from suite.nn.manifold import manifold
from suite.numerics import settled
from suite.objective import Invalid, answers
from suite.pretraining import pretrain
from suite.provenance import provenance
from suite.record import UNAVAILABLE, Cost, Record, Result
from suite.seeds import fixed, stream, torch_stream
from suite.trial import Trial
from suite.tricks.losses import loss_of
from suite.tricks.optimizer import optimizer, rate
from suite.tricks.precision import in_precision
from suite.tricks.refusal import refusal
from suite.tricks.sparsity import factor, penalty
from suite.tricks.variation import variation
from suite.tuning import adapt
from tasks.task import Task


def train(trial: Trial, *, checkpoints: Path | None = None) -> Record:
    """Build, train and score one network; a long trial leaves its state in the folder `checkpoints` meanwhile.

    A loss or an output that is no longer finite ends the trial as `diverged`, a lack of memory as `out_of_memory`,
    what is no number of the shape that is due as `invalid`, any other Python exception as `failed`. All of these are
    records like any other.
    """
    task = catalog.task(trial.task)
    try:
        examples = data(trial.task, trial.seed)
    except Exception as error:  # no network, a damaged file: the trial failed, and may do better another time
        return _unloaded(trial, task, error)
    origin = provenance(trial.task, trial.architecture, examples.fingerprint)  # now: files may change while it trains
    state = None if checkpoints is None else checkpoint.path(checkpoints, trial.id, origin.answered_by)
    started = time.perf_counter()
    size = 0
    with settled(), fixed(stream(trial.task, trial.seed, "noise")):
        try:
            network = build(trial)
            size = parameters(network)
            result = _fit(network, trial, task, examples, checkpoint.Keeper(state))
        except Exception as error:  # a failure is a result; whatever the trial raised is what is recorded
            result = _failure(error)
    seconds = time.perf_counter() - started
    return Record(
        trial=trial,
        metric=task.metric,
        chance=task.chance,
        result=result,
        cost=_cost(size, trial, result.steps, batch_size(trial, len(examples.train)), seconds),
        provenance=origin,
    )


def _unloaded(trial: Trial, task: Task, error: Exception) -> Record:
    origin = provenance(trial.task, trial.architecture, UNAVAILABLE)
    return Record(
        trial=trial, metric=task.metric, chance=task.chance, result=_failure(error), cost=Cost(), provenance=origin
    )


def build(trial: Trial) -> nn.Module:
    """The trial's network with its initial weights; draws nothing from torch's own random state.

    ValueError for tricks that have no meaning for the task or the architecture.
    """
    task = catalog.task(trial.task)
    reason = refusal(trial.tricks, task) or catalog.refused_level(trial.architecture, trial.levels)
    if reason is not None:
        raise ValueError(reason)
    with fixed(0):  # the constructors draw too, some more than others, before `initialize` draws again
        network = catalog.architecture(trial.architecture).build(task, trial.size, trial.tricks)
    initialize(network, trial.task, trial.seed, trial.tricks.initialization)
    return network


@dataclass
class Training:
    """A network in training: all that changes from step to step."""

    network: nn.Module
    optimizer: Optimizer
    chance: Generator  # what augmentation draws from; dropout draws from torch's own state
    course: Course
    step: int = 0

    def state(self) -> dict[str, Any]:
        return {
            "network": self.network.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "chance": self.chance.get_state(),
            "noise": torch.get_rng_state(),
            "step": self.step,
            **self.course.state(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        self.network.load_state_dict(state["network"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.chance.set_state(state["chance"])
        torch.set_rng_state(state["noise"])
        self.step = state["step"]
        self.course.restore(state)


def _fit(network: nn.Module, trial: Trial, task: Task, examples: Data, keeper: checkpoint.Keeper) -> Result:
    state = keeper.restore()
    if trial.tricks.tuning != "scratch":
        if state is None:
            pretrain(network, trial, task, examples.train)
        adapt(network, trial)
    training = begin(network, trial)
    if state is not None:
        training.restore(state)
    result = _follow(training, trial, task, examples, keeper)
    keeper.discard()
    return result


def begin(network: nn.Module, trial: Trial) -> Training:
    """The network before its first step."""
    if trial.tricks.sparsity == "product":
        factor(network)
    chance = torch_stream(trial.task, trial.seed, "augmentation")
    learning = [parameter for parameter in network.parameters() if parameter.requires_grad]
    return Training(network, optimizer(trial.budget, learning), chance, Course(trial, network))


def _follow(training: Training, trial: Trial, task: Task, examples: Data, keeper: checkpoint.Keeper) -> Result:
    """Take the steps that are left, look at every point of the curve, and score what came of it."""
    course = training.course
    if not course.is_over:
        for losses in _learn(training, trial, task, examples.train):
            lost = course.look(training.step, losses, task, examples.valid)
            if lost is not None:
                return lost
            if keeper.is_due:
                keeper.save(training.state())
            if course.is_over:
                break
    return course.finish(task, examples)


def _learn(training: Training, trial: Trial, task: Task, part: Part) -> Iterator[Tensor]:
    """The steps that are left; pauses at every point of the curve with the losses since the last one."""
    network, stepper, losses, budget = training.network, training.optimizer, list[Tensor](), trial.budget
    ask, loss = in_precision(trial.tricks.precision, network), loss_of(task.target, trial.tricks)
    vary, extra = variation(trial.tricks, task), penalty(trial.tricks.sparsity, network, budget.penalty)
    smooth, weights = manifold(trial.tricks.manifold), list(network.parameters())
    network.train()
    for step, rows in enumerate(batches(trial, len(part), training.step), start=training.step + 1):
        batch = part[rows]
        inputs, targets = batch.inputs, batch.targets
        if vary is not None:
            assert isinstance(inputs, Tensor)
            inputs, targets = vary(inputs, targets, training.chance)
        for group in stepper.param_groups:
            group["lr"] = rate(budget, step)
        stepper.zero_grad(set_to_none=True)
        outputs = ask(inputs)
        value = loss(*answers(task, outputs, targets))
        total = value if extra is None else value + extra()
        (total if smooth is None else total + smooth(outputs, inputs)).backward()
        if budget.clip:
            clip_grad_norm_(weights, budget.clip)
        stepper.step()
        losses.append(value.detach())
        if is_point(step, budget.steps):
            training.step = step
            yield torch.stack(losses)
            losses.clear()


def _failure(error: Exception) -> Result:
    if isinstance(error, Invalid):
        return Result(outcome="invalid", steps=0, message=str(error)[:500])
    short = isinstance(error, MemoryError | torch.OutOfMemoryError) or "can't allocate memory" in str(error)
    message = f"{type(error).__name__}: {error}"[:500]
    return Result(outcome="out_of_memory" if short else "failed", steps=0, message=message)


def _cost(size: int, trial: Trial, steps: int, batch: int, seconds: float) -> Cost:
    """What a network of so many numbers took; one of none was never built."""
    peak_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if size == 0:
        return Cost(seconds=seconds, peak_memory_mb=peak_kb / 1024)
    before = 0 if trial.tricks.tuning == "scratch" else trial.budget.steps
    return Cost(
        parameters=size,
        flops=training_flops(trial, before + steps, batch=batch),
        seconds=seconds,
        peak_memory_mb=peak_kb / 1024,
    )
