"""How many places an example has, known before there is a network: for weights that belong to places."""

from math import prod

from suite.trial import Size
from tasks.task import Form, Task


def lengths(task: Task, size: Size) -> tuple[int, ...]:
    """Places along each axis of an example, as the stem cuts it into patches; a table has one axis, its columns."""
    (form,) = task.forms
    return _lengths(form, patch(task, size))


def length(task: Task, size: Size) -> int:
    """Places of an example in a row, those of all its modes together."""
    return sum(prod(_lengths(form, patch(task, size))) for form in task.forms)


def mode_lengths(task: Task, size: Size) -> tuple[int, ...]:
    """Places of each mode of an example, in a row."""
    return tuple(prod(_lengths(form, patch(task, size))) for form in task.forms)


def patch(task: Task, size: Size) -> int:
    """Values along each axis that make one place; a place stays alone where each is asked about."""
    return size.patch if task.per == "example" and not task.causal else 1


def _lengths(form: Form, patch: int) -> tuple[int, ...]:
    axes = form.shape if form.vocabulary or form.data == "tabular" else form.shape[:-1]
    return tuple(-(-side // patch) for side in axes)
