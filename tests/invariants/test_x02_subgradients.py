"""X02 (section 6.4.4; Bolte and Pauwels 2020): three programs for one function, and three derivatives at its kink.

Away from the kink they agree. At it, each is an element of the subdifferential [0, 1] that its program decides.
"""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

Program = Callable[[Tensor], Tensor]
PROGRAMS: dict[str, tuple[Program, float]] = {
    "relu(s)": (lambda s: s.relu(), 0.0),
    "relu(-s) + s": (lambda s: (-s).relu() + s, 1.0),
    "their mean": (lambda s: 0.5 * (s.relu() + (-s).relu() + s), 0.5),
}

each_program = pytest.mark.parametrize("name", list(PROGRAMS))


def derivative(program: Program, at: float) -> float:
    s = torch.tensor(at, requires_grad=True)
    (slope,) = torch.autograd.grad(program(s), s)
    return slope.item()


@each_program
def test_all_are_the_same_function(name: str) -> None:
    s = torch.linspace(-3, 3, 101)
    torch.testing.assert_close(PROGRAMS[name][0](s), s.clamp(min=0))


@each_program
@pytest.mark.parametrize(("at", "slope"), [(-2.0, 0.0), (-1e-6, 0.0), (1e-6, 1.0), (2.0, 1.0)])
def test_they_agree_where_there_is_a_derivative(name: str, at: float, slope: float) -> None:
    assert derivative(PROGRAMS[name][0], at) == slope


@each_program
def test_at_zero_the_program_decides(name: str) -> None:
    program, expected = PROGRAMS[name]
    assert derivative(program, 0.0) == expected
    assert derivative(program, -0.0) == expected


def test_the_derivative_of_zero_can_be_anything() -> None:
    """The difference of two of them is zero everywhere, and has the derivative 1 at 0."""
    ours, theirs = PROGRAMS["relu(-s) + s"][0], PROGRAMS["relu(s)"][0]

    def zero(s: Tensor) -> Tensor:
        return ours(s) - theirs(s)

    assert all(zero(torch.tensor(at)).item() == 0 for at in (-1.0, 0.0, 1.0))
    assert derivative(zero, 0.0) == 1.0
    assert derivative(zero, 1.0) == derivative(zero, -1.0) == 0.0
