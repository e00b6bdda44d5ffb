"""Which tricks have no meaning for which tasks, or beside each other, in words."""

from suite.trial import Tricks
from suite.tricks import augmentation, erase, losses, norm
from tasks.task import Task


def refusal(tricks: Tricks, task: Task) -> str | None:
    """Why these tricks cannot be used on the task, or None if they can."""
    reasons = (
        augmentation.refusal(tricks.augmentation, task),
        losses.refusal(tricks, task.target),
        norm.refusal(tricks.norm, task),
        _of_dropout(tricks, task),
        _of_tuning(tricks, task),
        _of_manifold(tricks, task),
    )
    return next((reason for reason in reasons if reason is not None), None)


def _of_dropout(tricks: Tricks, task: Task) -> str | None:
    if tricks.dropout == 0:
        return None
    if tricks.dropout_kind == "cutout":
        if tricks.dropout_samples:
            return "dropout_samples are drawn by the network, and dropout_kind cutout acts on training examples alone"
        return erase.refusal(task)
    if tricks.dropout_kind == "depth" and tricks.residual == "none":
        return "dropout_kind depth leaves branches out, and without a residual connection nothing is left"
    if tricks.dropout_kind == "connect" and tricks.sparsity == "product":
        return "dropout_kind connect leaves weights out, and sparsity product has factors in their place"
    return None


def _of_tuning(tricks: Tricks, task: Task) -> str | None:
    if tricks.tuning == "scratch":
        return None
    if augmentation.refusal("invalid", task) is not None:
        return f"tuning {tricks.tuning} pre-trains on examples turned round, and those of the task cannot be"
    if tricks.loss == "integer":
        return f"tuning {tricks.tuning} pre-trains one output to say yes or no, and loss integer has none that can"
    if tricks.tuning == "lora" and (
        tricks.sparsity == "product" or (tricks.dropout and tricks.dropout_kind == "connect")
    ):
        return "tuning lora adds to the weights that sparsity product and dropout_kind connect would take apart"
    return None


def _of_manifold(tricks: Tricks, task: Task) -> str | None:
    if tricks.manifold and (task.data != "graph" or task.per != "place"):
        return f"manifold compares the answers of neighbours in a graph, and the task asks about {_asked(task)}"
    return None


def _asked(task: Task) -> str:
    return f"a whole {task.data} example" if task.per == "example" else f"every {task.per} of {task.data} data"
