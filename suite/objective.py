"""What a task asks for: the loss that training lowers, and the score that is reported.

Axes: B batch, K classes or values.
"""

import torch
from torch import Tensor
from torch.nn import functional

from tasks.task import Target, Task


def loss(target: Target, outputs_BK: Tensor, targets: Tensor) -> Tensor:
    """Cross-entropy for classes (numbers or distributions), squared error for values; the mean over the batch."""
    if target == "class":
        return functional.cross_entropy(outputs_BK, targets)
    return functional.mse_loss(outputs_BK, targets)


def score(task: Task, outputs_BK: Tensor, targets: Tensor) -> float:
    """The task's metric over a whole split; higher is better."""
    match task.metric:
        case "accuracy":
            return (outputs_BK.argmax(1) == targets).double().mean().item()
        case "r2":
            residual = (targets - outputs_BK).double().square().sum()
            total = (targets - targets.mean(0)).double().square().sum()
            return 1.0 - torch.div(residual, total).item()
