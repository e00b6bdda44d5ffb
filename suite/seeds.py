"""Named random streams: what is drawn depends on task, seed and purpose, never on who draws first.

Two arms of a study that share a task and a seed share the split, the batches, the augmentation and the
initial weights of every layer they have in common, because no stream knows which arm is asking.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import torch


def stream(task: str, seed: int, *purpose: str | int) -> int:
    """A 63-bit seed for one purpose: stream("image/digits", 0, "order", epoch)."""
    name = "\x00".join(map(str, (task, seed, *purpose)))
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big") >> 1


def numpy_stream(task: str, seed: int, *purpose: str | int) -> np.random.Generator:
    return np.random.default_rng(stream(task, seed, *purpose))


def torch_stream(task: str, seed: int, *purpose: str | int) -> torch.Generator:
    return torch.Generator().manual_seed(stream(task, seed, *purpose))


@contextmanager
def fixed(seed: int) -> Iterator[None]:
    """Torch's own random state set to `seed` inside, and as it was before outside.

    On the CPU only. `torch.manual_seed` seeds every device that might turn up later, and keeps a list of those
    seeds with a stack trace for each: half the time of a short trial, and memory that is never given back.
    """
    before = torch.get_rng_state()
    torch.default_generator.manual_seed(seed)
    try:
        yield
    finally:
        torch.set_rng_state(before)
