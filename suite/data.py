"""A task's data for one seed, in memory, as tensors, with a fingerprint of its content."""

import hashlib
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from suite import catalog
from suite.seeds import numpy_stream
from tasks.task import Split, Splits

MOST = 256 * 2**20  # bytes of data that a process keeps in case that it is asked for again


@dataclass(frozen=True)
class Part:
    """One split: inputs (examples, *shape) float32; targets int64 class numbers or float32 values."""

    inputs: Tensor
    targets: Tensor


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
        return sum(part.inputs.nbytes + part.targets.nbytes for part in (self.train, self.valid, self.test))


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
    return of(catalog.task(task).load(numpy_stream(task, seed, "data")))


def of(splits: Splits) -> Data:
    """The same arrays as tensors."""
    return Data(_part(splits.train), _part(splits.valid), _part(splits.test), fingerprint(splits))


def fingerprint(splits: Splits) -> str:
    """SHA-256 over type, shape and bytes of every array, in a fixed order; the first sixteen digits."""
    digest = hashlib.sha256()
    for split in (splits.train, splits.valid, splits.test):
        for array in (split.inputs, split.targets):
            digest.update(f"{array.dtype.str} {array.shape}".encode())
            digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()[:16]


def _part(split: Split) -> Part:
    return Part(torch.from_numpy(split.inputs), torch.from_numpy(split.targets))
