"""Invariant X01: forward mode, reverse mode and central differences give one derivative (sections 6.1 to 6.3).

Reverse against differences, for every architecture, is in tests/architectures; here forward meets reverse, in float64.
"""

from typing import get_args

import pytest
import torch
from torch import Tensor, nn
from torch.func import functional_call, jvp, vjp
from torch.nn.attention import SDPBackend, sdpa_kernel

from suite import catalog
from suite.graphs import Graphs
from suite.trial import Tricks
from suite.tricks.activation import activation
from tasks.modes import Modes
from tests.doubled import doubled
from tests.specimens import SPECIMENS, network

# Torch compiles its rules of forward mode in its own old way when they are first used.
pytestmark = pytest.mark.filterwarnings("ignore:.*torch.jit.script:DeprecationWarning")
WIDTH = 8
LEVELS = get_args(Tricks.model_fields["activation"].annotation)


def agreement(net: nn.Module, inputs: Tensor | Graphs | Modes) -> float:
    """The difference of v . (J u), pushed forward, and (J^T v) . u, pulled back, relative to the sum of magnitudes."""
    names, weights = zip(*((n, p.detach()) for n, p in net.named_parameters() if p.requires_grad), strict=True)

    def output(*weights: Tensor) -> Tensor:
        return functional_call(net, dict(zip(names, weights, strict=True)), (inputs,))

    directions = tuple(torch.randn_like(weight) for weight in weights)
    with sdpa_kernel(SDPBackend.MATH):  # the fused kernel has no forward mode
        y, forward = jvp(output, weights, directions)
        cotangent = torch.randn_like(y)
        pulled = vjp(output, *weights)[1](cotangent)
    reverse = sum((p * d).sum() for p, d in zip(pulled, directions, strict=True))
    scale = sum((p * d).abs().sum() for p, d in zip(pulled, directions, strict=True))
    assert scale > 0
    return float(((cotangent * forward).sum() - reverse).abs() / scale)


@pytest.mark.parametrize("architecture", catalog.architecture_names())
def test_networks_forward_is_reverse(architecture: str) -> None:
    """On the first specimen that each takes."""
    specimen = next(name for name, one in SPECIMENS.items() if catalog.refuses(one.task, architecture) is None)
    inputs = SPECIMENS[specimen].part(4).inputs
    net = network(specimen, architecture, width=WIDTH).double()
    assert agreement(net, doubled(inputs)) <= 1e-12


@pytest.mark.parametrize("level", LEVELS)
def test_nonlinearities_forward_is_reverse(level: str) -> None:
    net = nn.Sequential(nn.Linear(5, WIDTH), activation(level, WIDTH), nn.Linear(WIDTH, 3)).double()
    assert agreement(net, torch.randn(6, 5, dtype=torch.float64)) <= 1e-12


@pytest.mark.parametrize("level", get_args(Tricks.model_fields["norm"].annotation))
def test_norms_forward_is_reverse(level: str) -> None:
    net = network("series", "cnn", width=WIDTH, norm=level).double().eval()
    inputs = SPECIMENS["series"].part(4).inputs
    assert isinstance(inputs, Tensor)
    assert agreement(net, inputs.double()) <= 1e-12
