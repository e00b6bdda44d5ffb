"""What a task asks for: the loss that training lowers, and the score that is reported.

Axes: B batch, L places asked about, M answers, K classes or values.
"""

import math

import torch
from torch import Tensor
from torch.nn import functional

from tasks.task import Target, Task


class Invalid(ValueError):
    """What a network or a task gave is not what is due: no number, or of another type or shape."""


def answers(task: Task, outputs: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
    """Outputs and targets of what is asked, (M, K) and (M, ...): every example, or the places that have a target.

    Targets may be given for more places than this batch has; nothing is asked there. Raises Invalid for outputs that a
    loss would refuse, or stretch to fit.
    """
    _require_due(task, outputs, len(targets))
    if task.per == "example":
        return outputs, targets
    targets = targets[:, : outputs.shape[1]]
    asked = targets >= 0 if task.target == "class" else targets.isfinite().all(-1)
    return outputs[asked], targets[asked]


def _require_due(task: Task, outputs: object, examples: int) -> None:
    axes = 2 if task.per == "example" else 3
    if isinstance(outputs, Tensor) and outputs.is_floating_point() and outputs.ndim == axes:
        more = outputs.shape[-1] - task.outputs
        # Of classes there may be more; a Gaussian's variances stand behind its means.
        enough = more >= 0 if task.target == "class" else more in (0, task.outputs)
        if enough and len(outputs) == examples:
            return
    given = f"{tuple(outputs.shape)} of {outputs.dtype}" if isinstance(outputs, Tensor) else type(outputs).__name__
    due = ", ".join(map(str, (examples, *["places"] * (axes - 2), task.outputs)))
    raise Invalid(f"the network gave {given} where floating-point numbers of shape ({due}) are due")


def loss(target: Target, outputs_MK: Tensor, targets: Tensor) -> Tensor:
    """The default: cross-entropy for classes, numbers or distributions, and squared error for values; their mean."""
    if target == "class":
        return functional.cross_entropy(outputs_MK, targets)
    return functional.mse_loss(outputs_MK, targets)


def score(task: Task, outputs_MK: Tensor, targets: Tensor) -> float:
    """The task's metric over all answers of a split; higher is better. Outputs past the task's own are not asked."""
    outputs_MK = outputs_MK[:, : task.outputs]
    match task.metric:
        case "accuracy":
            return (outputs_MK.argmax(1) == targets).double().mean().item()
        case "auc":
            return _auc(outputs_MK[:, 1] - outputs_MK[:, 0], targets)
        case "compression":
            return 1.0 - functional.cross_entropy(outputs_MK.double(), targets).item() / math.log(task.outputs)
        case "r2":
            residual = (targets - outputs_MK).double().square().sum()
            total = (targets - targets.mean(0)).double().square().sum()
            return 1.0 - torch.div(residual, total).item()


def _auc(scores_M: Tensor, targets_M: Tensor) -> float:
    """How often a random example of class 1 scores above one of class 0; half a point for a tie (Mann-Whitney)."""
    _, level, count = scores_M.unique(return_inverse=True, return_counts=True)
    middle = count.cumsum(0) - (count - 1) / 2  # the rank of each distinct score, counted from 1
    ones = int(targets_M.sum())
    above = middle[level][targets_M == 1].double().sum().item() - ones * (ones + 1) / 2
    return above / (ones * (len(targets_M) - ones)) if 0 < ones < len(targets_M) else math.nan
