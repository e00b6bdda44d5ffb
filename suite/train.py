"""One trial in, one record out. Pure torch: no Ray, no MLflow, and no clock in the result."""

import hashlib
import math
import resource
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Generator, Tensor, nn
from torch.optim import AdamW

from suite import catalog, checkpoint
from suite.cost import parameters, training_flops
from suite.data import Data, Part, data
from suite.nn.initialization import initialize
from suite.numerics import settled
from suite.objective import answers, loss, score
from suite.provenance import provenance
from suite.record import UNAVAILABLE, Cost, Point, Record, Result
from suite.seeds import fixed, stream, torch_stream
from suite.trial import Budget, Trial
from suite.tricks.augmentation import augmentation
from tasks.task import Task

MOST_POINTS = 20  # of a curve, evenly spaced
POINT_EVERY = 10  # steps at least, because scoring a point costs about as much as a step
POINT_EXAMPLES = 256  # of valid, scored at a point
WARMUP = 0.1  # of the steps
CHUNK = 1024  # examples scored at once


def train(trial: Trial, *, checkpoints: Path | None = None) -> Record:
    """Build, train and score one network; a long trial leaves its state in the folder `checkpoints` meanwhile.

    A loss or an output that is no longer finite ends the trial as `diverged`, a lack of memory as
    `out_of_memory`, any other Python exception as `failed`. All of these are records like any other.
    """
    task = catalog.task(trial.task)
    try:
        examples = data(trial.task, trial.seed)
    except Exception as error:  # no network, a damaged file: the trial failed, and may do better another time
        return _unloaded(trial, task, error)
    origin = provenance(trial.task, trial.architecture, examples.fingerprint)  # now: files may change while it trains
    state = None if checkpoints is None else checkpoint.path(checkpoints, trial.id, origin.answered_by)
    started = time.perf_counter()
    network: nn.Module | None = None
    with settled(), fixed(stream(trial.task, trial.seed, "noise")):
        try:
            network = build(trial)
            result = _fit(network, trial, task, examples, checkpoint.Keeper(state))
        except Exception as error:  # a failure is a result; whatever the trial raised is what is recorded
            result = _failure(error)
    seconds = time.perf_counter() - started
    return Record(
        trial=trial,
        metric=task.metric,
        chance=task.chance,
        result=result,
        cost=_cost(network, trial, result.steps, batch_size(trial, len(examples.train)), seconds),
        provenance=origin,
    )


def _unloaded(trial: Trial, task: Task, error: Exception) -> Record:
    origin = provenance(trial.task, trial.architecture, UNAVAILABLE)
    return Record(
        trial=trial, metric=task.metric, chance=task.chance, result=_failure(error), cost=Cost(), provenance=origin
    )


def build(trial: Trial) -> nn.Module:
    """The trial's network with its initial weights; draws nothing from torch's own random state."""
    task = catalog.task(trial.task)
    with fixed(0):  # the constructors draw too, some more than others, before `initialize` draws again
        network = catalog.architecture(trial.architecture).build(task, trial.size, trial.tricks)
    initialize(network, trial.task, trial.seed)
    return network


@dataclass
class Training:
    """A network in training: all that changes from step to step."""

    network: nn.Module
    optimizer: AdamW
    chance: Generator  # what augmentation draws from; dropout draws from torch's own state
    curve: list[Point]
    step: int = 0

    def state(self) -> dict[str, Any]:
        return {
            "network": self.network.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "chance": self.chance.get_state(),
            "noise": torch.get_rng_state(),
            "curve": [asdict(point) for point in self.curve],
            "step": self.step,
        }

    def restore(self, state: dict[str, Any]) -> None:
        self.network.load_state_dict(state["network"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.chance.set_state(state["chance"])
        torch.set_rng_state(state["noise"])
        self.curve[:] = [Point(**point) for point in state["curve"]]
        self.step = state["step"]


def _fit(network: nn.Module, trial: Trial, task: Task, examples: Data, keeper: checkpoint.Keeper) -> Result:
    training = begin(network, trial)
    state = keeper.restore()
    if state is not None:
        training.restore(state)
    result = _follow(training, trial, task, examples, keeper)
    keeper.discard()
    return result


def begin(network: nn.Module, trial: Trial) -> Training:
    """The network before its first step."""
    budget = trial.budget
    optimizer = AdamW(network.parameters(), lr=budget.rate, weight_decay=budget.weight_decay, fused=True)
    return Training(network, optimizer, torch_stream(trial.task, trial.seed, "augmentation"), [])


def _follow(training: Training, trial: Trial, task: Task, examples: Data, keeper: checkpoint.Keeper) -> Result:
    """Take all steps that are left, look at every point of the curve, and score what came of it."""
    network, curve = training.network, training.curve
    glimpse = examples.valid[:POINT_EXAMPLES]
    for losses in _learn(training, trial, task, examples.train):
        step, finite = training.step, losses.isfinite()
        if not finite.all():
            first = step - len(losses) + 1 + int(finite.logical_not().nonzero()[0, 0])
            return _diverged(first, curve, f"loss not finite at step {first}")
        valid = evaluate(network, task, glimpse)
        if not math.isfinite(valid):
            return _diverged(step, curve, f"outputs not finite after step {step}")
        curve.append(Point(step=step, loss=losses.double().mean().item(), valid=valid))
        if keeper.is_due:
            keeper.save(training.state())
    valid, test = evaluate(network, task, examples.valid), evaluate(network, task, examples.test)
    if not (math.isfinite(valid) and math.isfinite(test)):
        return _diverged(trial.budget.steps, curve, "outputs not finite after the last step")
    return Result(
        outcome="finished",
        steps=trial.budget.steps,
        valid=valid,
        test=test,
        curve=tuple(curve),
        weights=weights_digest(network),
    )


def _learn(training: Training, trial: Trial, task: Task, part: Part) -> Iterator[Tensor]:
    """The steps that are left; pauses at every point of the curve with the losses since the last one."""
    network, optimizer, losses = training.network, training.optimizer, list[Tensor]()
    vary = augmentation(trial.tricks.augmentation, task)
    network.train()
    for step, rows in enumerate(batches(trial, len(part), training.step), start=training.step + 1):
        batch = part[rows]
        inputs, targets = batch.inputs, batch.targets
        if vary is not None:
            assert isinstance(inputs, Tensor)
            inputs, targets = vary(inputs, targets, training.chance)
        for group in optimizer.param_groups:
            group["lr"] = rate(trial.budget, step)
        optimizer.zero_grad(set_to_none=True)
        value = loss(task.target, *answers(task, network(inputs), targets))
        value.backward()
        optimizer.step()
        losses.append(value.detach())
        if _is_point(step, trial.budget.steps):
            training.step = step
            yield torch.stack(losses)
            losses.clear()


def _diverged(step: int, curve: Sequence[Point], message: str) -> Result:
    return Result(outcome="diverged", steps=step, curve=tuple(curve), message=message)


def _failure(error: Exception) -> Result:
    short = isinstance(error, MemoryError | torch.OutOfMemoryError) or "can't allocate memory" in str(error)
    message = f"{type(error).__name__}: {error}"[:500]
    return Result(outcome="out_of_memory" if short else "failed", steps=0, message=message)


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
    """Examples in a batch: as many as wanted, or all there are."""
    return min(trial.budget.batch, examples)


def rate(budget: Budget, step: int) -> float:
    """Learning rate of a step, 1 to budget.steps: linear warm-up, then half a cosine down to zero."""
    warmup = max(1, round(WARMUP * budget.steps))
    if step <= warmup:
        return budget.rate * step / warmup
    return budget.rate * 0.5 * (1 + math.cos(math.pi * (step - warmup) / (budget.steps - warmup + 1)))


@torch.no_grad()
def evaluate(network: nn.Module, task: Task, part: Part) -> float:
    """The task's metric on one split, without the tricks of training; NaN if an output is not finite."""
    network.eval()
    answered = [answers(task, network(chunk.inputs), chunk.targets) for chunk in part.split(CHUNK)]
    network.train()
    outputs, targets = (torch.cat(pieces) for pieces in zip(*answered, strict=True))
    return score(task, outputs, targets) if outputs.isfinite().all() else math.nan


def weights_digest(network: nn.Module) -> str:
    """SHA-256 of all parameters and buffers by name; equal digests mean equal bits."""
    digest = hashlib.sha256()
    for name, tensor in sorted(network.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.contiguous().numpy().tobytes())
    return digest.hexdigest()[:16]


def _is_point(step: int, steps: int) -> bool:
    points = max(1, min(MOST_POINTS, steps // POINT_EVERY))
    return step * points // steps != (step - 1) * points // steps


def _cost(network: nn.Module | None, trial: Trial, steps: int, batch: int, seconds: float) -> Cost:
    peak_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if network is None:
        return Cost(seconds=seconds, peak_memory_mb=peak_kb / 1024)
    return Cost(
        parameters=parameters(network),
        flops=training_flops(trial, steps, batch=batch),
        seconds=seconds,
        peak_memory_mb=peak_kb / 1024,
    )
