"""X21 (sections 6.3, 9.4.2): a residual network is a sum of paths, and Euler's method; checkpoints change no gradient.

Axes: B batch, D features.
"""

from itertools import product
from math import comb

import pytest
import torch
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from suite.nn.block import Alone, Sublayer
from suite.objective import loss
from suite.trial import Tricks
from tests.specimens import SPECIMENS, network

B, D = 4, 5


def blocks(depth: int, residual: str, *, bias: bool = False) -> list[Sublayer]:
    """Linear layers in the suite's own block, without a norm."""
    tricks = Tricks(norm="none", residual=residual)  # type: ignore[arg-type]
    return [Sublayer(Alone(nn.Linear(D, D, bias=bias)), D, tricks).double() for _ in range(depth)]


def weights(layers: list[Sublayer]) -> list[Tensor]:
    return [layer.mixer.each[0].weight for layer in layers]


def row() -> Tensor:
    return torch.randn(B, D, dtype=torch.float64)


def test_two_linear_blocks_are_four_paths() -> None:
    """x + A x + B x + B A x."""
    layers, x = blocks(2, "add"), row()
    a, b = weights(layers)
    expected = x + x @ a.T + x @ b.T + x @ a.T @ b.T
    torch.testing.assert_close(nn.Sequential(*layers)(x), expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("depth", [1, 3, 6])
def test_there_are_two_to_the_depth_of_them(depth: int) -> None:
    """One for each choice of blocks to go through; of length l, there are depth over l."""
    layers, x = blocks(depth, "add"), row()
    lengths, total = [0] * (depth + 1), torch.zeros_like(x)
    for through in product([False, True], repeat=depth):
        path = x
        for taken, weight in zip(through, weights(layers), strict=True):
            path = path @ weight.T if taken else path
        total = total + path
        lengths[sum(through)] += 1
    torch.testing.assert_close(nn.Sequential(*layers)(x), total, rtol=1e-9, atol=1e-9)
    assert lengths == [comb(depth, length) for length in range(depth + 1)]


def test_a_block_that_is_taken_out_takes_half_of_the_paths_along() -> None:
    """With a residual path the others stay as they are; without one there is a single path, and it is cut."""
    layers, x = blocks(3, "add"), row()
    a, _, c = weights(layers)
    lesioned = nn.Sequential(layers[0], layers[2])(x)
    torch.testing.assert_close(lesioned, x + x @ a.T + x @ c.T + x @ a.T @ c.T, rtol=1e-9, atol=1e-9)
    plain = blocks(3, "none")
    torch.testing.assert_close(
        nn.Sequential(*plain)(x), x @ (plain[2].mixer.each[0].weight @ weights(plain)[1] @ weights(plain)[0]).T
    )


def test_the_gradient_has_a_path_that_nothing_makes_smaller() -> None:
    """Section 9.4.1: the VJP of x + f(x) is v + v J. With weights at zero it is v; without residual paths it is 0."""
    for residual, factor in (("add", 1.0), ("none", 0.0)):
        layers, x = blocks(20, residual), row().requires_grad_()
        for weight in weights(layers):
            nn.init.zeros_(weight)
        towards = row()
        (gradient,) = torch.autograd.grad(nn.Sequential(*layers)(x), x, towards)
        torch.testing.assert_close(gradient, factor * towards)


def test_tied_blocks_are_eulers_method() -> None:
    """x_{t+h} = x_t + h f(x_t), every time the same f; of dx/dt = W x + b, after t steps of size 1."""
    (block,) = blocks(1, "add", bias=True)
    linear = block.mixer.each[0]
    x = state = row()
    for _ in range(7):
        x = block(x)
        state = state + 1.0 * (state @ linear.weight.T + linear.bias)
    torch.testing.assert_close(x, state, rtol=1e-9, atol=1e-9)


def test_smaller_steps_come_to_the_solution_of_the_equation() -> None:
    """The neural ODE of the suite, to dx/dt = f(x) solved by Runge and Kutta in fine steps; first order, so 1/steps."""
    x = SPECIMENS["table"].part(4).inputs.double()
    nets = {steps: network("table", "neural_ode", depth=steps, norm="none").double() for steps in (1, 64, 128)}
    for net in nets.values():
        net.load_state_dict(nets[1].state_dict())
    start, _ = nets[1].stem(x)
    f = nets[1].layers[0][0].mixer.each
    state, h = start, 1 / 50
    for _ in range(50):
        k1 = f(state)
        k2 = f(state + h / 2 * k1)
        k3 = f(state + h / 2 * k2)
        state = state + h / 6 * (k1 + 2 * k2 + 2 * k3 + f(state + h * k3))
    coarse, fine = ((nets[steps].features(x)[0] - state).norm().item() for steps in (64, 128))
    assert fine < 0.01
    assert coarse / fine == pytest.approx(2, rel=0.05)


@pytest.mark.parametrize(
    ("specimen", "architecture"), [("image", "resnet"), ("series", "tcn"), ("numbers in a row", "mlp_mixer")]
)
def test_checkpointed_gradients_are_the_plain_ones(specimen: str, architecture: str) -> None:
    """Section 6.3: layers computed again on the way back instead of kept; the same bits."""
    net, part = network(specimen, architecture, depth=4), SPECIMENS[specimen].part(8)

    def gradients(keep: bool) -> list[Tensor]:
        net.zero_grad()
        x, places = net.stem(part.inputs)
        for layer in net.layers:
            for block in layer:
                x = block(x, places) if keep else checkpoint(block, x, places, use_reentrant=False)
        loss("class", net.head(places.read(net.norm(x), net.read)), part.targets).backward()
        return [p.grad.clone() for p in net.parameters()]

    plain, again = gradients(keep=True), gradients(keep=False)
    assert all(one.equal(other) for one, other in zip(plain, again, strict=True))
