"""Residual connections join as their formulas say, and start where they should."""

from typing import get_args

import pytest
import torch
from torch import Tensor, nn

from suite.nn.initialization import initialize
from suite.trial import Tricks
from suite.tricks.residual import GATE_BIAS, residual

LEVELS = get_args(Tricks.model_fields["residual"].annotation)
BEFORE, BRANCH = torch.tensor([[1.0, 2.0]]), torch.tensor([[10.0, 20.0]])


def join(level: str) -> nn.Module:
    module = residual(level, 2)
    initialize(module, "task", 0)
    return module


@pytest.mark.parametrize("level", LEVELS)
def test_every_level_keeps_the_shape_and_writes_nothing_over(level: str) -> None:
    before, branch = torch.ones(2, 3, 2), torch.full((2, 3, 2), 5.0)
    assert join(level)(before, branch).shape == (2, 3, 2)
    assert (before == 1).all()
    assert (branch == 5).all()


@pytest.mark.parametrize(
    ("level", "expected"),
    [("none", [10, 20]), ("add", [11, 22]), ("scaled", [11 / 2**0.5, 22 / 2**0.5]), ("zero", [1, 2])],
)
def test_it_starts_as_its_formula(level: str, expected: list[float]) -> None:
    assert join(level)(BEFORE, BRANCH)[0].tolist() == pytest.approx(expected)


def test_scaled_keeps_the_variance_of_independent_terms() -> None:
    one, other = torch.randn(2, 100_000)
    assert join("scaled")(one, other).var().item() == pytest.approx(1, rel=0.02)
    assert join("add")(one, other).var().item() == pytest.approx(2, rel=0.02)


def test_gated_is_a_highway() -> None:
    module = join("gated")
    gate = module.gate
    assert (gate.bias == GATE_BIAS).all()
    share = torch.sigmoid(BEFORE @ gate.weight.T + gate.bias)
    torch.testing.assert_close(module(BEFORE, BRANCH), share * BRANCH + (1 - share) * BEFORE)
    with torch.no_grad():
        gate.bias.fill_(100.0)
    torch.testing.assert_close(module(BEFORE, BRANCH), BRANCH)


def test_zero_starts_as_the_identity_and_learns_not_to_be() -> None:
    module = join("zero")
    module(BEFORE, BRANCH).sum().backward()
    assert module.weight.grad.item() == 30
    with torch.no_grad():
        module.weight.fill_(0.5)
    assert module(BEFORE, BRANCH)[0].tolist() == [6, 12]


@pytest.mark.parametrize("level", LEVELS)
def test_deep_stacks_explode_or_not(level: str) -> None:
    """Fifty random branches of unit variance: only plain addition lets the stream grow."""
    generator = torch.Generator().manual_seed(0)
    x, module = torch.randn(4000, 2, generator=generator), join(level)
    for _ in range(50):
        x = module(x, torch.randn(x.shape, generator=generator)).detach()
    spread: Tensor = x.var()
    assert (spread.item() > 10) == (level == "add")


def test_an_unknown_level_is_refused() -> None:
    with pytest.raises(ValueError, match="'dense'"):
        residual("dense", 2)
