"""X18: noise is a penalty. Input noise is ridge, dropout is unbiased, and weight decay is L2 for SGD but not for Adam.

Book sections 9.1, 9.2.1, 9.2.3 and 9.3.1.
"""

import pytest
import torch
from torch import Tensor, nn

from suite.nn.places import ALL
from suite.trial import Budget
from suite.tricks.dropout import dropout
from suite.tricks.optimizer import optimizer

EXAMPLES, FEATURES = 40, 5


def problem() -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(EXAMPLES, FEATURES, generator=generator, dtype=torch.float64)
    return x, x @ torch.arange(1.0, FEATURES + 1, dtype=torch.float64) + torch.randn(EXAMPLES, generator=generator)


def ridge(x: Tensor, y: Tensor, strength: float) -> Tensor:
    return torch.linalg.solve(x.T @ x + strength * torch.eye(FEATURES, dtype=x.dtype), x.T @ y)


@pytest.mark.parametrize("sigma", [0.3, 1.0])
def test_least_squares_on_noisy_inputs_is_ridge(sigma: float) -> None:
    """In expectation over the noise, with lambda = n sigma^2 (Bishop 1995)."""
    (x, y), copies = problem(), 20_000
    noise = sigma * torch.randn(copies, *x.shape, dtype=x.dtype, generator=torch.Generator().manual_seed(1))
    noisy = (x + noise).flatten(0, 1)
    learned = torch.linalg.lstsq(noisy, y.repeat(copies)[:, None]).solution[:, 0]
    torch.testing.assert_close(learned, ridge(x, y, EXAMPLES * sigma**2), atol=0.02, rtol=0.01)
    assert (learned - ridge(x, y, 0.0)).abs().max() > 0.1


def test_the_ridge_of_a_mean_loss_is_a_quarter_of_what_the_book_says() -> None:
    """Slip S11: (2/n) |y - Xw|^2 + (lambda/2) |w|^2 is solved by ridge n lambda / 4, and not by ridge lambda."""
    (x, y), strength = problem(), 3.0
    w = ridge(x, y, EXAMPLES * strength / 4).requires_grad_()
    ((2 / EXAMPLES) * (y - x @ w).square().sum() + strength / 2 * w.square().sum()).backward()
    assert w.grad is not None
    assert w.grad.abs().max() < 1e-10


@pytest.mark.parametrize("level", ["element", "spatial", "depth"])
def test_dropout_before_a_linear_map_is_unbiased(level: str) -> None:
    linear, x = nn.Linear(8, 3), torch.randn(1, 1, 8)
    module = dropout(level, 0.3)
    mean = linear(module(x.expand(200_000, 1, 8), ALL)).mean(0)
    assert (mean - linear(x)[0]).abs().max() < 0.02
    twice = (linear(module(x.expand(1000, 1, 8), ALL)) - linear(x)).square().mean()
    assert twice > 0.01, "though single answers are off"


def trained(level: str, decay: float, penalty: float) -> Tensor:
    weight = nn.Parameter(torch.tensor([1.0, -2.0, 0.1]))
    step = optimizer(Budget(optimizer=level, rate=0.05, weight_decay=decay), [weight])  # type: ignore[arg-type]
    for _ in range(20):
        step.zero_grad()
        value = (weight * torch.tensor([1.0, 10.0, 0.1]) - 1).square().sum() + penalty / 2 * weight.square().sum()
        value.backward()
        step.step()
    return weight.detach()


@pytest.mark.parametrize(("level", "same"), [("sgd", True), ("momentum", True), ("adam", True), ("adamw", False)])
def test_weight_decay_is_an_l2_penalty_unless_it_is_decoupled(level: str, same: bool) -> None:
    """Coupled decay is the gradient of L2 in every optimizer; beside an adaptive step it is another thing."""
    decayed, penalized = trained(level, 0.02, 0.0), trained(level, 0.0, 0.02)
    assert decayed.allclose(penalized, rtol=1e-4, atol=1e-6) == same


def test_coupled_and_decoupled_are_one_for_sgd() -> None:
    """w - r (g + d w) = (1 - r d) w - r g; for Adam the decay is divided by the size of the gradient."""
    w, g, r, d = 2.0, 3.0, 0.1, 0.2
    weight = nn.Parameter(torch.tensor([w]))
    weight.grad = torch.tensor([g])
    optimizer(Budget(optimizer="sgd", rate=r, weight_decay=d), [weight]).step()
    assert weight.item() == pytest.approx((1 - r * d) * w - r * g)
    ends = {level: trained(level, 0.2, 0.0) for level in ("adam", "adamw")}
    assert not ends["adam"].allclose(ends["adamw"], atol=1e-3)
