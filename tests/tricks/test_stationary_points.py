"""Where gradient descent ends on functions whose stationary points are known (book section 2.3.1, D.2.9 to D.2.12)."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from suite.trial import Budget
from suite.tricks.optimizer import optimizer

Function = Callable[[Tensor], Tensor]


def descended(
    function: Function, start: list[float], *, level: str = "gd", rate: float = 0.1, steps: int = 400
) -> Tensor:
    """The place after so many steps of the suite's own optimizer."""
    place = nn.Parameter(torch.tensor(start, dtype=torch.float64))
    step = optimizer(Budget(optimizer=level, rate=rate, weight_decay=0.0), [place])  # type: ignore[arg-type]
    for _ in range(steps):
        step.zero_grad()
        function(place).backward()
        step.step()
    return place.detach()


def bowl(w: Tensor) -> Tensor:
    """Convex, with its only stationary point at (1, -2)."""
    return (w[0] - 1) ** 2 + 3 * (w[1] + 2) ** 2


def saddle(w: Tensor) -> Tensor:
    """Stationary at 0, the greatest value along the second axis and the least along the first; minima at (0, +-1)."""
    return w[0] ** 2 - w[1] ** 2 / 2 + w[1] ** 4 / 4


@pytest.mark.parametrize("level", ["gd", "momentum", "adam"])
@pytest.mark.parametrize("start", [[5.0, 5.0], [-4.0, 3.0], [0.0, -9.0]])
def test_a_convex_function_has_one_end_from_everywhere(level: str, start: list[float]) -> None:
    end = descended(bowl, start, level=level, rate=0.05, steps=1000)
    torch.testing.assert_close(end, torch.tensor([1.0, -2.0], dtype=torch.float64), atol=1e-3, rtol=0)


def test_a_function_that_is_not_convex_ends_where_it_began_nearest() -> None:
    for start, end in ((0.3, 1.0), (-0.3, -1.0), (2.0, 1.0)):
        found = descended(saddle, [0.5, start])
        torch.testing.assert_close(found, torch.tensor([0.0, end], dtype=torch.float64), atol=1e-6, rtol=0)


def test_a_saddle_holds_who_stands_exactly_on_it_and_nobody_else() -> None:
    torch.testing.assert_close(descended(saddle, [2.0, 0.0]), torch.zeros(2, dtype=torch.float64), atol=1e-6, rtol=0)
    assert descended(saddle, [2.0, 1e-8])[1].item() == pytest.approx(1, abs=1e-6)


def test_every_end_is_stationary_and_its_curvature_says_what_it_is() -> None:
    for place, signs in (([0.0, 0.0], (-1, 1)), ([0.0, 1.0], (1, 1)), ([0.0, -1.0], (1, 1))):
        at = torch.tensor(place, dtype=torch.float64)
        assert torch.autograd.functional.jacobian(saddle, at).abs().max() == 0
        curvature = torch.linalg.eigvalsh(torch.autograd.functional.hessian(saddle, at))
        assert tuple(curvature.sign().int().tolist()) == signs


@pytest.mark.parametrize(("rate", "converges"), [(0.32, True), (0.34, False)])
def test_a_rate_above_two_over_the_curvature_diverges(rate: float, converges: bool) -> None:
    """The steepest curvature of the bowl is 6, so that the border is at a third."""
    away = (descended(bowl, [1.0, -1.0], rate=rate, steps=200) - torch.tensor([1.0, -2.0])).abs().max()
    assert (away < 1e-3) == converges
    assert (away > 1) == (not converges)
