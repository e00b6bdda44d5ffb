"""What a Kolmogorov-Arnold layer is: B-splines as scipy has them, and a sum of functions of one feature each."""

import torch
from scipy.interpolate import BSpline
from torch import Tensor

from suite.architectures.kan import DEGREE, FARTHEST, INTERVALS, Splines

STEP = 2 * FARTHEST / INTERVALS


def test_the_splines_are_those_of_scipy() -> None:
    x = torch.linspace(-2 * FARTHEST, 2 * FARTHEST, 401, dtype=torch.float64)
    ours = Splines(1, "silu").double().splines(x[:, None])[:, 0]
    knots = [-FARTHEST + STEP * (place - DEGREE) for place in range(INTERVALS + 2 * DEGREE + 1)]
    for place in range(INTERVALS + DEGREE):
        theirs = BSpline.basis_element(knots[place : place + DEGREE + 2], extrapolate=False)(x.numpy())
        torch.testing.assert_close(ours[:, place], torch.from_numpy(theirs).nan_to_num(0.0), atol=1e-6, rtol=0)


def test_they_add_up_to_one_on_the_grid_and_are_nothing_beyond() -> None:
    splines = Splines(1, "silu")
    inside = torch.linspace(-FARTHEST, FARTHEST, 101)[:, None]
    torch.testing.assert_close(splines.splines(inside).sum(-1), torch.ones(101, 1))
    beyond = torch.tensor([[-FARTHEST - DEGREE * STEP], [FARTHEST + DEGREE * STEP]])
    assert not splines.splines(beyond).any()


def test_one_layer_adds_functions_of_one_feature_and_does_not_multiply() -> None:
    x = torch.rand(2000, 2, dtype=torch.float64) * 2 * FARTHEST - FARTHEST
    sums, product = (2 * x[:, 0]).sin() + x[:, 1] ** 2, x[:, 0] * x[:, 1]
    assert unexplained(x, sums) < 1e-3
    assert unexplained(x, product) > 0.9


def unexplained(x: Tensor, y: Tensor) -> Tensor:
    """The share of the variance of y that the best linear map of the layer's features leaves."""
    features = Splines(2, "silu").double()(x)
    found = torch.linalg.lstsq(features, y[:, None], driver="gelsd").solution
    return (features @ found - y[:, None]).var() / y.var()
