"""How a gradient becomes a step (book section 2.3.2), and what decides the length of the gradient and of the step.

Weight decay is added to the gradient (coupled: an L2 penalty) everywhere but in AdamW, which decays the weights beside
the step (decoupled, Loshchilov & Hutter 2019).
"""

import math
from collections.abc import Iterable

from torch import nn
from torch.optim import SGD, Adam, AdamW, Optimizer

from suite.trial import Budget

MOMENTUM = 0.9
WARMUP = 0.1  # of the steps


def optimizer(budget: Budget, parameters: Iterable[nn.Parameter]) -> Optimizer:
    """The optimizer of that name; `gd` is `sgd` whose batch is all of the data."""
    rate, decay = budget.rate, budget.weight_decay
    match budget.optimizer:
        case "gd" | "sgd":
            return SGD(parameters, lr=rate, weight_decay=decay, fused=True)
        case "momentum":
            return SGD(parameters, lr=rate, weight_decay=decay, momentum=MOMENTUM, fused=True)
        case "adam":
            return Adam(parameters, lr=rate, weight_decay=decay, fused=True)
        case "adamw":
            return AdamW(parameters, lr=rate, weight_decay=decay, fused=True)


def rate(budget: Budget, step: int) -> float:
    """Learning rate of a step, 1 to budget.steps: linear warm-up, if any, then half a cosine down to zero, if any."""
    warmup = max(1, round(WARMUP * budget.steps)) if "warmup" in budget.schedule else 1
    if step <= warmup:
        return budget.rate * step / warmup
    if "cosine" not in budget.schedule:
        return budget.rate
    return budget.rate * 0.5 * (1 + math.cos(math.pi * (step - warmup) / (budget.steps - warmup + 1)))
