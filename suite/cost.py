"""What a network costs before it runs: its parameters, and the matrix arithmetic of training it."""

from functools import lru_cache
from math import log2, prod
from typing import Any

import torch
from torch import nn
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

from suite import catalog
from suite.blank import blank
from suite.seeds import fixed
from suite.trial import Size, Trial, Tricks
from tasks.task import Task

Shape = tuple[int, ...]


def parameters(network: nn.Module) -> int:
    """Trainable numbers."""
    return sum(p.numel() for p in network.parameters() if p.requires_grad)


def training_flops(trial: Trial, steps: int, *, batch: int | None = None) -> int:
    """FLOPs of matrix products and convolutions over `steps` steps; a backward pass counts as two forward ones.

    `batch` is given where the data does not fill the trial's own.
    """
    if steps == 0:
        return 0  # also for a network that fails as soon as it is asked
    examples = steps * (batch or trial.budget.batch)
    return 3 * examples * forward_flops(trial.task, trial.architecture, trial.size, trial.tricks)


@lru_cache(maxsize=1024)
def forward_flops(task: str, architecture: str, size: Size, tricks: Tricks) -> int:
    """FLOPs of one example's way through the network."""
    wanted = catalog.task(task)
    with fixed(0):
        return network_flops(catalog.architecture(architecture).build(wanted, size, tricks), wanted)


def network_flops(network: nn.Module, task: Task) -> int:
    """FLOPs of one blank example's way through a network in training mode.

    Products of matrices and vectors, convolutions, recurrent layers and Fourier transforms count. What is done number
    by number counts nothing: norms, nonlinearities, and a scan of states that do not mix.
    """
    # Two examples, because batch normalization refuses one. In training mode and with the plain attention
    # kernel, because the counter does not see into the fused ones.
    with fixed(0), FlopCounterMode(display=False, custom_mapping=MORE) as counter, sdpa_kernel(SDPBackend.MATH):
        network(blank(task, 2))
    return int(counter.get_total_flops()) // 2


def _dot(a: Shape, b: Shape, **_: Any) -> int:
    return 2 * a[0]


def _mv(matrix: Shape, vector: Shape, **_: Any) -> int:
    return 2 * prod(matrix)


def _addmv(added: Shape, matrix: Shape, vector: Shape, **_: Any) -> int:
    return 2 * prod(matrix)


def _recurrence(x_LBI: Shape, from_input: Shape, from_state: Shape, *_: Any, **__: Any) -> int:
    """An LSTM's layer as oneDNN has it: at every step a product with each of its two matrices, (4H, I) and (4H, H)."""
    return 2 * x_LBI[0] * x_LBI[1] * (prod(from_input) + prod(from_state))


def _complex_transform(x: Shape, axes: Shape, *_: Any, **__: Any) -> int:
    """5 n log2 n for n complex numbers, the count of a radix-2 transform that FFTW's benchmarks use."""
    transformed = prod(x[axis] for axis in axes)
    return round(5 * prod(x) * log2(max(transformed, 1)))


def _real_transform(x: Shape, axes: Shape, *_: Any, **__: Any) -> int:
    """Half of that for n real numbers."""
    return _complex_transform(x, axes) // 2


def _to_real(x: Shape, axes: Shape, _norm: int, last: int, **_: Any) -> int:
    """The same the other way round; the last axis is given as its half."""
    whole = list(x)
    whole[axes[-1]] = last
    return _real_transform(tuple(whole), axes)


# What torch's own counter takes for nothing.
_aten = torch.ops.aten
MORE = {
    _aten.dot: _dot,
    _aten.mv: _mv,
    _aten.addmv: _addmv,
    _aten.mkldnn_rnn_layer: _recurrence,
    _aten._fft_c2c: _complex_transform,
    _aten._fft_r2c: _real_transform,
    _aten._fft_c2r: _to_real,
}
