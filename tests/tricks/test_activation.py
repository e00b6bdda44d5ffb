"""Every nonlinearity is its formula (book section 5.4)."""

import math
from typing import get_args

import pytest
import torch
from torch import Tensor
from torch.autograd import gradcheck
from torch.nn import functional

from suite.nn.initialization import initialize
from suite.trial import Tricks
from suite.tricks.activation import activation
from suite.tricks.kernel import FARTHEST, Kernel
from suite.tricks.piecewise import Piecewise

LEVELS = get_args(Tricks.model_fields["activation"].annotation)
X = torch.linspace(-3, 3, 61)[:, None].expand(61, 4)
EXPECTED = {
    "identity": lambda x: x,
    "polynomial": lambda x: x * x,
    "sigmoid": lambda x: 1 / (1 + torch.exp(-x)),
    "tanh": lambda x: (torch.exp(2 * x) - 1) / (torch.exp(2 * x) + 1),
    "relu": lambda x: x.clamp(min=0),
    "leaky_relu": lambda x: torch.where(x > 0, x, 0.01 * x),
    "prelu": lambda x: torch.where(x > 0, x, 0.25 * x),
    "softplus": lambda x: torch.log1p(torch.exp(x)),
    "elu": lambda x: torch.where(x > 0, x, torch.exp(x) - 1),
    "gelu": lambda x: x * 0.5 * (1 + torch.erf(x / math.sqrt(2))),
    "silu": lambda x: x / (1 + torch.exp(-x)),
    "swish": lambda x: x / (1 + torch.exp(-x)),
}
LEARNED = {"prelu": 1, "swish": 4, "kernel": 80, "maxout": 40, "glu": 40, "swiglu": 40, "piecewise": 40}


def started(level: str) -> torch.nn.Module:
    module = activation(level, 4)
    initialize(module, "task", 0)
    return module


@pytest.mark.parametrize("level", EXPECTED)
def test_it_is_its_formula(level: str) -> None:
    torch.testing.assert_close(started(level)(X), EXPECTED[level](X), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("level", LEVELS)
def test_it_keeps_the_shape_and_has_the_weights_it_should(level: str) -> None:
    module = started(level)
    for shape in ((3, 4), (3, 5, 4), (3, 2, 2, 4)):
        assert module(torch.randn(shape)).shape == shape
    assert sum(p.numel() for p in module.parameters()) == LEARNED.get(level, 0)


@pytest.mark.parametrize("level", LEVELS)
def test_gradients_agree_with_finite_differences(level: str) -> None:
    module = started(level).double()
    x = torch.randn(3, 4, dtype=torch.float64, requires_grad=True)
    assert gradcheck(module, (x,))
    module(x).sum().backward()
    assert all(p.grad is not None and p.grad.any() for p in module.parameters())


@pytest.mark.parametrize("level", LEVELS)
def test_what_is_drawn_is_drawn_again(level: str) -> None:
    """From the stream named after the module, whatever its weights were."""
    module, other = started(level), started(level)
    with torch.no_grad():
        for parameter in other.parameters():
            parameter.fill_(7.0)
    initialize(other, "task", 0)
    for ours, theirs in zip(module.parameters(), other.parameters(), strict=True):
        assert ours.equal(theirs)


def linear(module: torch.nn.Module, x: Tensor) -> tuple[Tensor, Tensor]:
    return x @ module.one.weight.T + module.one.bias, x @ module.other.weight.T + module.other.bias


def test_gated_ones() -> None:
    x = torch.randn(7, 4)
    glu, swiglu, maxout = map(started, ("glu", "swiglu", "maxout"))
    one, other = linear(glu, x)
    torch.testing.assert_close(glu(x), functional.glu(torch.cat([other, one], -1)))
    one, other = linear(swiglu, x)
    torch.testing.assert_close(swiglu(x), one * one.sigmoid() * other)
    torch.testing.assert_close(maxout(x), torch.stack(linear(maxout, x)).amax(0))


def test_kernel_starts_near_elu_and_can_be_another_function() -> None:
    module = started("kernel")
    assert isinstance(module, Kernel)
    inside = X[(X.abs() <= FARTHEST - 0.5).all(1)]
    assert (module(inside) - functional.elu(inside)).abs().max() < 0.05
    optimizer = torch.optim.Adam(module.parameters(), lr=0.05)
    for _ in range(300):
        optimizer.zero_grad()
        (module(X) - torch.sin(2 * X)).square().mean().backward()
        optimizer.step()
    assert (module(X) - torch.sin(2 * X)).square().mean() < 0.01


def test_piecewise_is_a_relu_and_its_hinges() -> None:
    module = started("piecewise")
    assert isinstance(module, Piecewise)
    with torch.no_grad():
        module.weight.copy_(torch.randn(4, 5))
        module.bends.copy_(torch.randn(4, 5))
    for feature in range(4):
        slopes, bends = module.weight[feature], module.bends[feature]
        expected = X[:, 0].clamp(min=0)
        for slope, bend in zip(slopes, bends, strict=True):
            expected = expected + slope * (bend - X[:, 0]).clamp(min=0)
        torch.testing.assert_close(module(X)[:, feature], expected)


def test_piecewise_starts_near_leaky_relu_and_can_be_another_function() -> None:
    module = started("piecewise")
    assert (module(X) - functional.leaky_relu(X)).abs().max() < 0.02
    optimizer = torch.optim.Adam(module.parameters(), lr=0.05)
    for _ in range(300):
        optimizer.zero_grad()
        (module(X) - X.abs().neg()).square().mean().backward()
        optimizer.step()
    assert (module(X) - X.abs().neg()).square().mean() < 0.01


def test_an_unknown_level_is_refused() -> None:
    with pytest.raises(ValueError, match="'step'"):
        activation("step", 4)
