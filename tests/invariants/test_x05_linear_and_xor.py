"""X05 (sections 5.1-5.2): a linear model cannot do XOR and one hidden layer can; linear layers in a row are one."""

import pytest
import torch
from torch import Tensor, nn

from suite import catalog
from suite.data import Part
from suite.nn.block import Alone
from suite.nn.initialization import initialize
from suite.nn.network import Network
from suite.nn.stem import vector
from suite.objective import loss, score
from suite.seeds import fixed
from suite.trial import Size, Tricks
from tasks.task import Task

XOR = Task(
    data="tabular",
    shape=(2,),
    target="class",
    outputs=2,
    metric="accuracy",
    chance=0.5,
    source="",
    licence="",
    load=lambda rng: pytest.fail("not loaded"),
)
CORNERS = Part(torch.tensor([[0.0, 0], [0, 1], [1, 0], [1, 1]]), torch.tensor([0, 1, 1, 0]))


def trained(architecture: str, seed: int) -> float:
    """The accuracy on the four corners after learning them."""
    with fixed(seed):
        net = catalog.architecture(architecture).build(XOR, Size(width=8, depth=1), Tricks())
    initialize(net, "xor", seed)
    optimizer = torch.optim.Adam(net.parameters(), lr=0.05)
    for _ in range(200):
        optimizer.zero_grad()
        loss("class", net(CORNERS.inputs), CORNERS.targets).backward()
        optimizer.step()
    return score(XOR, net(CORNERS.inputs), CORNERS.targets)


@pytest.mark.parametrize("seed", range(3))
def test_one_hidden_layer_learns_xor_and_a_linear_model_does_not(seed: int) -> None:
    assert trained("linear", seed) <= 0.75
    assert trained("mlp", seed) == 1


def test_no_linear_model_gets_more_than_three_corners() -> None:
    """Whatever its weights: opposite corners have scores of the same sum. Three corners are possible."""
    weights, biases = torch.randn(20_000, 2), torch.randn(20_000, 1)
    says_one = weights @ CORNERS.inputs.T + biases > 0
    right = (says_one == CORNERS.targets.bool()).sum(1)
    assert right.max() == 3


def linear_layers(depth: int, width: int, features: int, residual: str) -> Network:
    """A network of linear layers, with nothing else in it."""

    def layer(index: int) -> list[nn.Module]:
        return [Alone(nn.Linear(width, width))]

    task = Task(
        data="tabular",
        shape=(features,),
        target="value",
        outputs=features,
        metric="r2",
        chance=0.0,
        source="",
        licence="",
        load=lambda rng: pytest.fail("not loaded"),
    )
    tricks = Tricks(norm="none", residual=residual)  # type: ignore[arg-type]
    return Network(task, Size(width=width, depth=depth), tricks, view=vector, layer=layer).double()


def product_of(net: Network, residual: str) -> tuple[Tensor, Tensor]:
    """The one matrix and the one bias that the layers come to."""
    project = net.stem.modes[0].project
    weight, bias = project.weight, project.bias
    for layer in net.layers:
        linear = layer[0].mixer.each[0]
        new = linear.weight @ weight, linear.weight @ bias + linear.bias
        weight, bias = new if residual == "none" else (weight + new[0], bias + new[1])
    return net.head.weight @ weight, net.head.weight @ bias + net.head.bias


@pytest.mark.parametrize("depth", [1, 2, 10])
@pytest.mark.parametrize("residual", ["none", "add"])
def test_linear_layers_are_one_affine_map(depth: int, residual: str) -> None:
    net, x = linear_layers(depth, 8, 6, residual), torch.randn(20, 6, dtype=torch.float64)
    weight, bias = product_of(net, residual)
    assert (net(x) - (x @ weight.T + bias)).abs().max() < 1e-10


@pytest.mark.parametrize("width", [1, 3, 6])
def test_its_rank_is_that_of_the_narrowest_layer(width: int) -> None:
    net = linear_layers(3, width, 6, "none")
    outputs = net(torch.randn(50, 6, dtype=torch.float64))
    assert torch.linalg.matrix_rank(outputs - outputs[0], rtol=1e-9) == width


def test_a_nonlinearity_between_them_makes_more_of_it() -> None:
    """The check above can fail: an MLP is not affine."""
    net = catalog.architecture("mlp").build(XOR, Size(width=8, depth=1), Tricks(norm="none"))
    a, b = torch.randn(2, 1, 2)
    assert not net((a + b) / 2).allclose((net(a) + net(b)) / 2, atol=1e-4)
