"""X06 (Appendix B): a network of one hidden layer built by hand, a bin of two sigmoids for each piece of a function.

Slip S10: the mean squared error falls as the square of the number of bins, and not exponentially.
"""

import math

import pytest
import torch
from torch import Tensor, nn

DOMAIN = 10.0  # of sin(x), as in the appendix
STEEP = 1e5  # sigmoid(STEEP x) is a step


def edges_of(count: int) -> Tensor:
    return torch.linspace(0, DOMAIN, count + 1, dtype=torch.float64)


def heights_of(count: int) -> Tensor:
    """The mean of sin over each bin, by its integral: the best height that there is."""
    integral = -edges_of(count).cos()
    return integral.diff() / (DOMAIN / count)


def bins(count: int) -> nn.Sequential:
    """2 count hidden units: each bin is a step up at its beginning and one down at its end, as high as sin is there."""
    edges, heights = edges_of(count), heights_of(count)
    hidden, out = nn.Linear(1, 2 * count).double(), nn.Linear(2 * count, 1).double()
    with torch.no_grad():
        hidden.weight.fill_(STEEP)
        hidden.bias.copy_(-STEEP * torch.cat([edges[:-1], edges[1:]]))
        out.weight.copy_(torch.cat([heights, -heights])[None])
        out.bias.zero_()
    return nn.Sequential(hidden, nn.Sigmoid(), out)


def points(count: int = 20_000) -> Tensor:
    """In the middle of so many equal parts of the domain."""
    return (torch.arange(count, dtype=torch.float64)[:, None] + 0.5) * DOMAIN / count


def error(count: int) -> float:
    x = points()
    with torch.no_grad():
        return (bins(count)(x) - x.sin()).square().mean().item()


@pytest.mark.parametrize(("count", "expected"), [(5, 0.159), (15, 0.0191), (50, 0.00174)])
def test_the_errors_are_ten_times_the_printed_ones(count: int, expected: float) -> None:
    """What is printed, 0.02, 0.002 and 0.00016, are these divided by the length of the domain."""
    assert error(count) == pytest.approx(expected, rel=0.005)


def test_the_error_falls_as_the_square_of_the_number_of_bins() -> None:
    """A slope of -2 on two logarithmic axes, everywhere; an exponential would bend down."""
    counts = [5, 15, 50, 150, 450]
    errors = [error(count) for count in counts]
    slopes = [math.log(errors[i + 1] / errors[i]) / math.log(counts[i + 1] / counts[i]) for i in range(len(counts) - 1)]
    assert slopes == pytest.approx([-2] * 4, abs=0.1)
    overall = math.log(errors[2] / errors[0]) / math.log(10)
    assert -2.1 < overall < -1.9


def test_a_bin_is_two_neurons() -> None:
    net = bins(1)
    high = heights_of(1).item()
    x = torch.tensor([[-1.0], [1.0], [9.0], [11.0]], dtype=torch.float64)
    assert net[0].out_features == 2
    torch.testing.assert_close(net(x).squeeze(1), torch.tensor([0, high, high, 0], dtype=torch.float64))


def test_it_is_a_staircase_of_the_function() -> None:
    """As high as the mean in all of a bin, and never farther from sin than the steepest slope times the bin's width."""
    edges, x, net = edges_of(50), points(), bins(50)
    for part in (0.1, 0.5, 0.9):
        inside = edges[:-1] + part * edges.diff()
        torch.testing.assert_close(net(inside[:, None]).squeeze(1), heights_of(50))
    assert (net(x) - x.sin()).abs().max() <= DOMAIN / 50
