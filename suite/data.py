"""A task's data for one seed, in memory, as tensors, with a fingerprint of its content."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import torch
from torch import Tensor

from suite import catalog
from suite.graphs import Graphs
from suite.objective import Invalid
from suite.seeds import numpy_stream
from tasks import graphs
from tasks.modes import Modes
from tasks.task import Inputs, Split, Splits, Task

MOST = 256 * 2**20  # bytes of data that a process keeps in case that it is asked for again


@dataclass(frozen=True)
class Part:
    """One split, with the tensors that tasks.task.Split has as arrays."""

    inputs: Tensor | Graphs | Modes
    targets: Tensor

    def __len__(self) -> int:
        return len(self.inputs)

    def __getitem__(self, rows: Tensor | slice) -> "Part":
        return Part(self.inputs[rows], self.targets[rows])

    def split(self, size: int) -> Iterator["Part"]:
        """Pieces of at most `size` examples."""
        pieces = zip(self.inputs.split(size), self.targets.split(size), strict=True)
        return (Part(inputs, targets) for inputs, targets in pieces)


@dataclass(frozen=True)
class Data:
    """All splits of a task for one seed. `fingerprint` is a hash of their content, not of a file or a time."""

    train: Part
    valid: Part
    test: Part
    fingerprint: str

    @property
    def size(self) -> int:
        """Bytes."""
        parts = (self.train, self.valid, self.test)
        return sum(tensor.nbytes for part in parts for tensor in (*pieces(part.inputs), part.targets))


_held: dict[tuple[str, int], Data] = {}  # the one that was not asked for the longest time first


def data(task: str, seed: int) -> Data:
    """Load, or take from this process's memory; a pure function of task and seed."""
    if not is_held(task, seed):
        hold(task, seed, load(task, seed))
    _held[task, seed] = found = _held.pop((task, seed))
    return found


def is_held(task: str, seed: int) -> bool:
    return (task, seed) in _held


def hold(task: str, seed: int, loaded: Data) -> None:
    """Keep it in memory, and no more than MOST beside it."""
    _held[task, seed] = loaded
    while len(_held) > 1 and sum(held.size for held in _held.values()) > MOST:
        del _held[next(iter(_held))]


def load(task: str, seed: int) -> Data:
    """Raises Invalid for what is no three splits with targets of the type and shape that the task promises."""
    splits = catalog.task(task).load(numpy_stream(task, seed, "data"))
    require_due(catalog.task(task), splits)
    return of(splits)


def require_due(task: Task, splits: object) -> None:
    """Raises Invalid; what the inputs hold is for the networks to say."""
    if not isinstance(splits, Splits):
        raise Invalid(f"its task gave {type(splits).__name__} where Splits are due")
    kind, axes = (np.dtype("int64"), 1) if task.target == "class" else (np.dtype("float32"), 2)
    for name in ("train", "valid", "test"):
        targets, examples = getattr(splits, name).targets, len(getattr(splits, name))
        axes_due = axes + (task.per != "example")
        if not isinstance(targets, np.ndarray) or targets.dtype != kind or targets.ndim != axes_due:
            given = f"{targets.shape} of {targets.dtype}" if isinstance(targets, np.ndarray) else type(targets).__name__
            raise Invalid(f"targets of {name} are {given} where {axes_due} axes of {kind} are due")
        if len(targets) != examples:
            raise Invalid(f"{name} has {len(targets)} targets for {examples} examples")


def of(splits: Splits) -> Data:
    """The same arrays as tensors."""
    return Data(_part(splits.train), _part(splits.valid), _part(splits.test), fingerprint(splits))


def fingerprint(splits: Splits) -> str:
    """SHA-256 over type, shape and bytes of every array, in a fixed order; the first sixteen digits."""
    digest = hashlib.sha256()
    for split in (splits.train, splits.valid, splits.test):
        for array in (*pieces(split.inputs), split.targets):
            digest.update(f"{array.dtype.str} {array.shape}".encode())
            digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()[:16]


def pieces(inputs: Any) -> tuple[Any, ...]:
    """The arrays, or tensors, that inputs are made of."""
    match inputs:
        case Modes():
            return inputs.parts
        case Graphs() | graphs.Graphs():
            return tuple(getattr(inputs, field.name) for field in fields(inputs))
    return (inputs,)


def whole(task: Task, arrays: Sequence[np.ndarray]) -> Inputs:
    """The inputs of a task, from their pieces."""
    if task.modes:
        return Modes(tuple(arrays))
    if task.data == "graph":
        return graphs.Graphs(*arrays)
    (array,) = arrays
    return array


def _part(split: Split) -> Part:
    return Part(_tensors(split.inputs), torch.from_numpy(split.targets))


def _tensors(inputs: Inputs) -> Tensor | Graphs | Modes:
    match inputs:
        case Modes():
            return Modes(tuple(map(torch.from_numpy, inputs.parts)))
        case graphs.Graphs():
            return Graphs.of(inputs)
    return torch.from_numpy(inputs)
