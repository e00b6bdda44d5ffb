"""A task's data for one seed, in memory, as tensors, with a fingerprint of its content."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from suite import catalog
from suite.seeds import numpy_stream
from tasks.task import Split, Splits

UNAVAILABLE = "unavailable"  # instead of a fingerprint, where data could not be loaded


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


@lru_cache(maxsize=16)
def data(task: str, seed: int) -> Data:
    """Load, or take from this process's memory; a pure function of task and seed."""
    splits = catalog.task(task).load(numpy_stream(task, seed, "data"))
    return Data(_part(splits.train), _part(splits.valid), _part(splits.test), fingerprint(splits))


def fingerprint(splits: Splits) -> str:
    """SHA-256 over type, shape and bytes of every array, in a fixed order; the first sixteen digits."""
    digest = hashlib.sha256()
    for split in (splits.train, splits.valid, splits.test):
        for array in (split.inputs, split.targets):
            digest.update(f"{array.dtype.str} {array.shape}".encode())
            digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()[:16]


def _part(split: Split) -> Part:
    return Part(torch.from_numpy(split.inputs), torch.from_numpy(split.targets))
