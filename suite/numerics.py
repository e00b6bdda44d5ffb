"""The numerics class: what must be equal for the same trial to give the same bits."""

import platform
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import numpy
import torch

from suite.record import SOLO

THREADS = 1  # another number sums in another order; one thread a trial is also the fastest on small networks


@contextmanager
def settled() -> Iterator[None]:
    """One thread, deterministic kernels and no denormals inside; as it was outside."""
    threads, flushed = torch.get_num_threads(), _flushes_denormals()
    deterministic = torch.are_deterministic_algorithms_enabled()
    warn_only = torch.is_deterministic_algorithms_warn_only_enabled()
    torch.set_num_threads(THREADS)
    torch.use_deterministic_algorithms(True)
    torch.set_flush_denormal(True)  # dying activations become denormals, which are a hundred times slower
    try:
        yield
    finally:
        torch.set_num_threads(threads)
        torch.use_deterministic_algorithms(deterministic, warn_only=warn_only)
        torch.set_flush_denormal(flushed)


def _flushes_denormals() -> bool:
    return not (torch.tensor([1e-40]) * 1).any()


@cache
def numerics_class() -> dict[str, str]:
    """Everything of this machine and its libraries that can change a bit of a score."""
    return {
        "torch": torch.__version__,
        "numpy": numpy.__version__,
        "cpu": torch.backends.cpu.get_cpu_capability(),
        "machine": platform.machine(),
        "threads": str(THREADS),
        "device": "cpu",
        "dtype": "float32",
        "execution": SOLO,
    }
