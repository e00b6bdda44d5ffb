"""Architectures that take an example as a whole: the linear model, the neural ODE and the mixture of experts.

Axes: n examples, c features, K outputs.
"""

import pytest
import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn import functional

from suite import catalog
from suite.architectures.mixture_of_experts import Experts
from suite.architectures.neural_ode import Step
from suite.objective import loss
from suite.trial import Size, Tricks
from tasks.task import Task
from tests.specimens import SPECIMENS, network

EXAMPLES, FEATURES = 40, 5


def regression(outputs: int = 1) -> Task:
    return Task(
        data="tabular",
        shape=(FEATURES,),
        target="value",
        outputs=outputs,
        metric="r2",
        chance=0.0,
        source="",
        licence="",
        load=lambda rng: pytest.fail("not loaded"),
    )


def minimized(net: nn.Module, x: Tensor, y: Tensor, ridge: float = 0.0) -> None:
    """The minimum of the mean squared error plus ridge ||w||^2 / 2, closely; the bias is free."""
    weight = net.stem.modes[0].project.weight
    optimizer = torch.optim.LBFGS(
        net.parameters(), max_iter=500, tolerance_grad=1e-12, tolerance_change=0, line_search_fn="strong_wolfe"
    )

    def closure() -> Tensor:
        optimizer.zero_grad()
        value = loss("value", net(x), y) + ridge / 2 * weight.square().sum()
        value.backward()
        return value

    optimizer.step(closure)


@pytest.fixture
def data() -> tuple[Tensor, Tensor]:
    """Inputs and targets with mean 0, so that the best bias is 0 and closed forms need none."""
    x, y = torch.randn(EXAMPLES, FEATURES, dtype=torch.float64), torch.randn(EXAMPLES, 1, dtype=torch.float64)
    return x - x.mean(0), y - y.mean(0)


def model() -> nn.Module:
    return catalog.architecture("linear").build(regression(), Size(), Tricks()).double()


def test_the_linear_model_is_one_affine_map_and_has_no_more_weights() -> None:
    """c K + K of them, whatever width, depth and norm are (invariant X10)."""
    for levels in ({"depth": 7, "width": 3}, {"norm": "batch", "residual": "none"}):
        net = network("table", "linear", **levels)
        project = net.stem.modes[0].project
        x = torch.randn(4, 5)
        torch.testing.assert_close(net(x), x @ project.weight.T + project.bias)
        assert sum(p.numel() for p in net.parameters()) == 5 * 3 + 3


def test_it_learns_the_least_squares_solution(data: tuple[Tensor, Tensor]) -> None:
    """Section 4.1.3: (X^T X)^-1 X^T y."""
    (x, y), net = data, model()
    minimized(net, x, y)
    expected = torch.linalg.solve(x.T @ x, x.T @ y)
    torch.testing.assert_close(net.stem.modes[0].project.weight.T.detach(), expected, rtol=1e-5, atol=1e-7)
    torch.testing.assert_close(net(x), x @ torch.linalg.lstsq(x, y).solution, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("ridge", [0.1, 1.0, 10.0])
def test_it_learns_the_ridge_solution(data: tuple[Tensor, Tensor], ridge: float) -> None:
    """Slip S11: the mean of squares plus lambda/2 ||w||^2 has its minimum at (X^T X + n lambda/2 I)^-1 X^T y.

    Not at (X^T X + lambda I)^-1 X^T y; with the 2/n of the book before the sum of squares, it is n lambda/4.
    """
    (x, y), net = data, model()
    minimized(net, x, y, ridge)
    found = net.stem.modes[0].project.weight.T.detach()
    eye = torch.eye(FEATURES, dtype=torch.float64)
    expected = torch.linalg.solve(x.T @ x + EXAMPLES * ridge / 2 * eye, x.T @ y)
    torch.testing.assert_close(found, expected, rtol=1e-5, atol=1e-7)
    assert not found.allclose(torch.linalg.solve(x.T @ x + ridge * eye, x.T @ y), rtol=0.05)


def test_the_books_ridge_has_a_quarter_of_n_lambda(data: tuple[Tensor, Tensor]) -> None:
    """Slip S11 as it is printed: there the gradient of (2/n)||X w - y||^2 + (lambda/2)||w||^2 is zero."""
    (x, y), strength = data, 1.5
    eye = torch.eye(FEATURES, dtype=torch.float64)

    def slope(shrinkage: float) -> float:
        w = torch.linalg.solve(x.T @ x + shrinkage * eye, x.T @ y).requires_grad_()
        value = 2 / EXAMPLES * (x @ w - y).square().sum() + strength / 2 * w.square().sum()
        return torch.autograd.grad(value, w)[0].norm().item()

    assert slope(EXAMPLES * strength / 4) < 1e-12
    assert slope(strength) > 1e-2


def test_logistic_regression_is_the_one_of_the_textbook() -> None:
    """Section 4.2: cross-entropy of the softmax of an affine map; at the minimum, predicted and true counts agree."""
    net, part = network("table", "linear").double(), SPECIMENS["table"].part(32)
    x = part.inputs.double()
    optimizer = torch.optim.LBFGS(net.parameters(), max_iter=500, tolerance_grad=1e-12, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        optimizer.zero_grad()
        value = loss("class", net(x), part.targets)
        value.backward()
        return value

    optimizer.step(closure)
    predicted, true = net(x).softmax(-1), functional.one_hot(part.targets, 3).double()
    torch.testing.assert_close(x.T @ predicted, x.T @ true, rtol=0, atol=1e-3)
    torch.testing.assert_close(predicted.sum(0), true.sum(0), rtol=0, atol=1e-3)


def test_a_neural_ode_is_eulers_method() -> None:
    """Section 9.4.2: x + h f(x), the same f at every step, from time 0 to 1."""
    net, x = network("table", "neural_ode", depth=5, norm="none"), torch.randn(4, 5)
    step = net.layers[0][0].mixer
    assert [layer is net.layers[0] for layer in net.layers] == [True] * 5
    state, _ = net.stem(x)
    for _ in range(5):
        state = state + step.each(state) / 5
    torch.testing.assert_close(net.features(x)[0], state)


def test_a_neural_ode_is_as_it_was_after_it_is_called_with_other_weights() -> None:
    """What training several networks together needs; a module with two names would keep the others' weights."""
    net, x = network("table", "neural_ode", depth=3), torch.randn(4, 5)
    before, others = net(x), {name: p + 1 for name, p in net.named_parameters()}
    assert not functional_call(net, others, (x,)).allclose(before)
    assert net(x).equal(before)


@pytest.mark.parametrize("depth", [1, 10])
def test_a_neural_ode_has_no_more_weights_for_more_steps(depth: int) -> None:
    net = network("table", "neural_ode", width=16, depth=depth, norm="none")
    assert sum(p.numel() for p in net.parameters()) == (5 * 16 + 16) + 2 * (16 * 16 + 16) + (16 * 3 + 3)


def test_its_error_halves_with_the_step() -> None:
    """Euler is of the first order: for dx/dt = A x, whose solution is the matrix exponential."""
    a = torch.randn(4, 4, dtype=torch.float64)
    x, errors = torch.randn(3, 4, dtype=torch.float64), []
    for steps in (200, 400):
        step = Step(4, steps=steps, activation="relu").double()
        with torch.no_grad():
            step.each[0].weight.copy_(a)
            step.each[2].weight.copy_(torch.eye(4))
            for map_ in (step.each[0], step.each[2]):
                map_.bias.zero_()
        step.each[1] = nn.Identity()
        state = x
        for _ in range(steps):
            state = state + step(state)
        errors.append((state - x @ torch.linalg.matrix_exp(a).T).norm().item())
    assert errors[0] / errors[1] == pytest.approx(2, rel=0.05)


def test_experts_are_listened_to_as_the_gate_says() -> None:
    mixer, x = Experts(6, activation="gelu"), torch.randn(4, 6)
    weights = mixer.gate(x).softmax(-1)
    expected = sum(weights[:, e, None] * expert(x) for e, expert in enumerate(mixer.experts))
    torch.testing.assert_close(mixer(x), expected)
    torch.testing.assert_close(weights.sum(-1), torch.ones(4))


def test_a_gate_that_is_sure_leaves_one_expert() -> None:
    mixer, x = Experts(6, activation="gelu"), torch.randn(4, 6)
    with torch.no_grad():
        mixer.gate.weight.zero_()
        mixer.gate.bias.copy_(torch.tensor([0.0, 0.0, 1000.0, 0.0]))
    torch.testing.assert_close(mixer(x), mixer.experts[2](x))
