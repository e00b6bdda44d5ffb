"""Invariant X04: conditioning of ridge regression, `solve` against `inv`, and the order of two products."""

import math

import numpy as np
import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode


def test_ridge_improves_the_condition_number() -> None:
    x = torch.randn(50, 8, dtype=torch.float64) * torch.logspace(0, -4, 8, dtype=torch.float64)
    squares = torch.linalg.svdvals(x).square()
    gram, eye = x.T @ x, torch.eye(8, dtype=torch.float64)
    ridges = [10.0**power for power in range(-6, 3)]
    found = [torch.linalg.cond(gram + ridge * eye).item() for ridge in ridges]
    assert found == sorted(found, reverse=True)
    assert found == pytest.approx([((squares[0] + r) / (squares[-1] + r)).item() for r in ridges], rel=1e-4)


def test_solve_leaves_no_more_than_inv() -> None:
    """On Hilbert matrices, which are nearly singular; the geometric mean over right-hand sides."""
    for size in (8, 10, 12):
        place = np.arange(size)
        hilbert = 1.0 / (place[:, None] + place + 1)
        rhs = np.random.default_rng(size).standard_normal((20, size))
        solved = [np.linalg.norm(hilbert @ np.linalg.solve(hilbert, b) - b) for b in rhs]
        inverted = [np.linalg.norm(hilbert @ (np.linalg.inv(hilbert) @ b) - b) for b in rhs]
        assert np.log(solved).mean() < np.log(inverted).mean()


@pytest.mark.parametrize(("right_order", "slope"), [(True, 1.0), (False, 2.0)])
def test_the_order_of_products_decides_the_cost_of_a_step(right_order: bool, slope: float) -> None:
    """X^T (X w) is linear in the features c, (X^T X) w quadratic; both are the same vector."""
    costs = []
    for features in (64, 128, 256, 512):
        x, w = torch.randn(512, features, dtype=torch.float64), torch.randn(features, 1, dtype=torch.float64)
        with FlopCounterMode(display=False) as counter:
            step = x.T @ (x @ w) if right_order else (x.T @ x) @ w
        torch.testing.assert_close(step, x.T @ (x @ w))
        costs.append(math.log(counter.get_total_flops()))
    found = np.polyfit(np.log([64, 128, 256, 512]), costs, 1)[0]
    assert found == pytest.approx(slope, abs=0.01)
