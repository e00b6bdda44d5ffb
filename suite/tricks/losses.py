"""What training lowers: losses of classes and of values, each the mean over the answers (book section 3.2, 4.2).

A class is a distribution over classes, all on one unless mixup or smoothing spread it, and every loss of classes is an
expectation over it. Losses are computed from raw outputs.

Axes: M answers, K classes or values.
"""

from collections.abc import Callable
from functools import partial
from math import log

import torch
from torch import Tensor
from torch.nn import functional

from suite.trial import Tricks
from tasks.task import Target, Task

Loss = Callable[[Tensor, Tensor], Tensor]

FOCUS = 2.0  # gamma of the focal loss (Lin et al. 2017)
MARGIN = 1.0  # of the hinge loss, to every other class
BEND = 1.0  # where the Huber loss goes from squares to absolute values; targets are standardized
LEAST_VARIANCE = 1e-6  # that a network may claim, as in torch's GaussianNLLLoss


def outputs_of(task: Task, tricks: Tricks) -> int:
    """How many numbers the loss needs: the task's, a variance beside each mean for `gaussian`, one for `integer`."""
    match tricks.loss:
        case "gaussian":
            return 2 * task.outputs
        case "integer":
            return 1
    return task.outputs


def loss_of(target: Target, tricks: Tricks) -> Loss:
    """The loss of that name for raw outputs and targets; ValueError where it has no meaning for the target."""
    reason = refusal(tricks, target)
    if reason is not None:
        raise ValueError(reason)
    if target == "class":
        return partial(_of_classes, OF_CLASSES[_level(target, tricks)], tricks.label_smoothing)
    return OF_VALUES[_level(target, tricks)]


def refusal(tricks: Tricks, target: Target) -> str | None:
    """Why these tricks have no meaning for such a target, or None if they have."""
    level, known = _level(target, tricks), OF_CLASSES if target == "class" else OF_VALUES
    if level not in known:
        return f"loss {level} is not for a target that is a {target}; one of {', '.join(known)} is"
    if tricks.label_smoothing and target == "value":
        return "label_smoothing spreads a class over the others, and the target is a value"
    return None


def _level(target: Target, tricks: Tricks) -> str:
    return {"class": "cross_entropy", "value": "squared"}[target] if tricks.loss == "default" else tricks.loss


def _of_classes(loss: Loss, smoothing: float, outputs_MK: Tensor, targets: Tensor) -> Tensor:
    """The loss against distributions, moved towards the uniform one by `smoothing` (Szegedy et al. 2016)."""
    if loss is functional.cross_entropy:  # takes both forms, and smooths
        return functional.cross_entropy(outputs_MK, targets, label_smoothing=smoothing)
    classes = outputs_MK.shape[1]
    if not targets.is_floating_point():
        targets = functional.one_hot(targets, classes).to(outputs_MK.dtype)
    return loss(outputs_MK, (1 - smoothing) * targets + smoothing / classes)


def focal(outputs_MK: Tensor, targets_MK: Tensor) -> Tensor:
    """Cross-entropy, less of it where the answer is right already: -q (1 - p)^2 log p."""
    chances_MK = outputs_MK.log_softmax(1)
    return -(targets_MK * (1 - chances_MK.exp()) ** FOCUS * chances_MK).sum(1).mean()


def brier(outputs_MK: Tensor, targets_MK: Tensor) -> Tensor:
    """Squared distance of the distribution from the target (Brier 1950)."""
    return (outputs_MK.softmax(1) - targets_MK).square().sum(1).mean()


def hinge(outputs_MK: Tensor, targets_MK: Tensor) -> Tensor:
    """By how much other classes come within a margin of the right one, over K, as torch's multi_margin_loss."""
    classes = outputs_MK.shape[1]
    short_MKK = (MARGIN + outputs_MK[:, None, :] - outputs_MK[:, :, None]).clamp(min=0)
    of_class_MK = (short_MKK.sum(2) - MARGIN) / classes  # without the class itself
    return (targets_MK * of_class_MK).sum(1).mean()


def integer(outputs_MK: Tensor, targets_MK: Tensor) -> Tensor:
    """Squared error of a number that should be that of the class (section 4.2): as if classes had an order.

    Outputs are minus the squared distances of the number to those of the classes, which suite.nn.nearest gives.
    """
    return -(targets_MK * outputs_MK).sum(1).mean()


def gaussian(outputs_MK: Tensor, targets_MK: Tensor) -> Tensor:
    """Minus the log-likelihood of a Gaussian whose variance is predicted too (E.3.6).

    Outputs are means, then logarithms of variances. The constant log(2 pi) / 2 is left out.
    """
    mean_MK, spread_MK = outputs_MK.chunk(2, 1)
    spread_MK = spread_MK.clamp(min=log(LEAST_VARIANCE))
    return 0.5 * (spread_MK + (targets_MK - mean_MK).square() * torch.exp(-spread_MK)).mean()


OF_CLASSES: dict[str, Loss] = {
    "cross_entropy": functional.cross_entropy,
    "focal": focal,
    "brier": brier,
    "hinge": hinge,
    "squared": functional.mse_loss,
    "integer": integer,
}
OF_VALUES: dict[str, Loss] = {
    "squared": functional.mse_loss,
    "absolute": functional.l1_loss,
    "huber": partial(functional.huber_loss, delta=BEND),
    "gaussian": gaussian,
}
