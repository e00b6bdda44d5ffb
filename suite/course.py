"""How one training goes: the points of its curve, the best network so far, and the result it comes to.

Axes: T steps.
"""

import hashlib
import math
from dataclasses import asdict, dataclass, field
from typing import Any

from torch import Tensor, nn

from suite.data import Data, Part
from suite.evaluation import evaluate
from suite.objective import Invalid
from suite.record import Point, Result
from suite.seeds import stream
from suite.trial import Trial
from suite.tricks.sparsity import fold
from tasks.task import Task

MOST_POINTS = 20  # of a curve, evenly spaced
POINT_EVERY = 10  # steps at least, because scoring a point costs about as much as a step
POINT_EXAMPLES = 256  # of valid, scored at a point


def is_point(step: int, steps: int) -> bool:
    """Whether the curve has a point after this step; it has one after the last."""
    points = max(1, min(MOST_POINTS, steps // POINT_EVERY))
    return step * points // steps != (step - 1) * points // steps


@dataclass
class Course:
    """What is known of a network in training from looking at it; `best` are its weights at the best point."""

    trial: Trial
    network: nn.Module
    curve: list[Point] = field(default_factory=list)
    best: dict[str, Tensor] | None = None

    def look(self, step: int, losses_T: Tensor, task: Task, valid: Part) -> Result | None:
        """Note a point of the curve after this step; a result if the training came to nothing."""
        finite = losses_T.isfinite()
        if not finite.all():
            first = step - len(losses_T) + 1 + int(finite.logical_not().nonzero()[0, 0])
            return self._diverged(first, f"loss not finite at step {first}")
        try:
            score = evaluate(self.network, task, valid[:POINT_EXAMPLES], precision=self.trial.tricks.precision)
        except Invalid as error:
            return self._invalid(step, error)
        if not math.isfinite(score):
            return self._diverged(step, f"outputs not finite after step {step}")
        self.curve.append(Point(step=step, loss=losses_T.double().mean().item(), valid=score))
        if self.trial.budget.patience and self._since_best == 0:
            self.best = {name: tensor.clone() for name, tensor in self.network.state_dict().items()}
        return None

    @property
    def is_over(self) -> bool:
        """Whether patience is at its end."""
        return 0 < self.trial.budget.patience <= self._since_best

    @property
    def _since_best(self) -> int:
        """Points after the first of the best ones."""
        scores = [point.valid for point in self.curve]
        return len(scores) - 1 - scores.index(max(scores)) if scores else 0

    def finish(self, task: Task, examples: Data) -> Result:
        """Score the network, or the best that it was if there is patience; its weights are then those scored."""
        if self.best is not None:
            self.network.load_state_dict(self.best)
        fold(self.network)
        steps = self.curve[-1].step if self.curve else 0
        try:
            valid, test = (
                self._score(task, part, name) for name, part in (("valid", examples.valid), ("test", examples.test))
            )
        except Invalid as error:
            return self._invalid(steps, error)
        if not (math.isfinite(valid) and math.isfinite(test)):
            return self._diverged(steps, "outputs not finite after the last step")
        return Result(
            outcome="finished",
            steps=steps,
            valid=valid,
            test=test,
            curve=tuple(self.curve),
            weights=weights_digest(self.network),
        )

    def _score(self, task: Task, part: Part, name: str) -> float:
        tricks = self.trial.tricks
        seed = stream(self.trial.task, self.trial.seed, "samples", name)
        samples = tricks.dropout_samples if tricks.dropout else 0
        return evaluate(self.network, task, part, precision=tricks.precision, samples=samples, seed=seed)

    def _diverged(self, step: int, message: str) -> Result:
        return Result(outcome="diverged", steps=step, curve=tuple(self.curve), message=message)

    def _invalid(self, step: int, error: Invalid) -> Result:
        return Result(outcome="invalid", steps=step, curve=tuple(self.curve), message=str(error))

    def state(self) -> dict[str, Any]:
        return {"curve": [asdict(point) for point in self.curve], "best": self.best}

    def restore(self, state: dict[str, Any]) -> None:
        self.curve[:] = [Point(**point) for point in state["curve"]]
        self.best = state["best"]


def weights_digest(network: nn.Module) -> str:
    """SHA-256 of all parameters and buffers by name; equal digests mean equal bits."""
    digest = hashlib.sha256()
    for name, tensor in sorted(network.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.contiguous().numpy().tobytes())
    return digest.hexdigest()[:16]
