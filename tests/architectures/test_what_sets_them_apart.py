"""What makes each architecture itself: who sees whom, what moves with the input, and how many weights that takes."""

import pytest
import torch
from torch import Tensor, nn

from suite.nn.network import Network
from suite.train import build
from suite.trial import Trial


def network(architecture: str, task: str = "image/digits", **levels: object) -> Network:
    net = build(Trial(task=task, architecture=architecture).moved({"width": 8, "depth": 2, "norm": "none", **levels}))
    assert isinstance(net, Network)
    return net.eval()


def places(net: Network, x: Tensor) -> Tensor:
    """What the last layer says, before the read-out."""
    return net.features(x)[0]


def images(count: int = 3) -> Tensor:
    return torch.randn(count, 8, 8, 1)


def test_cnn_moves_with_its_input_inside() -> None:
    net, x = network("cnn", norm="layer"), images()
    moved, rolled = places(net, x.roll(1, 1)), places(net, x).roll(1, 1)
    torch.testing.assert_close(moved[:, 4:-2, 2:-2], rolled[:, 4:-2, 2:-2])
    assert not torch.allclose(moved, rolled, atol=1e-3), "but not at the border"


def test_cnn_sees_its_neighbourhood() -> None:
    x = images(1).requires_grad_()
    places(network("cnn"), x)[0, 4, 4].sum().backward()
    assert x.grad is not None
    seen = x.grad.squeeze() != 0
    assert seen[2:7, 2:7].all()
    assert seen.sum() == 25, "one step farther in each direction per layer"


def test_transformer_knows_places_by_their_positions_only() -> None:
    net, x = network("transformer"), images()
    order = torch.randperm(64)
    shuffled = x.flatten(1, 2)[:, order].view_as(x)
    assert not torch.allclose(net(shuffled), net(x), atol=1e-5)
    nn.init.zeros_(net.stem.modes[0].positions.weight)
    torch.testing.assert_close(places(net, shuffled), places(net, x)[:, order])
    torch.testing.assert_close(net(shuffled), net(x))


def test_mlp_does_not_know_places_at_all() -> None:
    """Another order of its inputs and of its first weights: the same network."""
    net, x, order = network("mlp"), images(), torch.randperm(64)
    expected = net(x)
    project = net.stem.modes[0].project
    project.weight.data = project.weight.data[:, order]
    torch.testing.assert_close(net(x.flatten(1)[:, order].view_as(x)), expected)


def test_gru_reads_in_order_and_does_not_look_ahead() -> None:
    """Invariant X11."""
    net, x = network("gru", "series/mnist1d"), torch.randn(2, 40, 1)
    later = x.clone()
    later[:, 20:] += 1
    before, after = places(net, x), places(net, later)
    torch.testing.assert_close(before[:, :20], after[:, :20])
    assert not torch.isclose(before[:, 20:], after[:, 20:]).all(-1).any()


def test_gru_is_the_gated_recurrence() -> None:
    mixer = network("gru").layers[0][0].mixer
    x = torch.randn(2, 5, 8)
    gates_in = (x @ mixer.gru.weight_ih_l0.T + mixer.gru.bias_ih_l0).chunk(3, -1)
    state = torch.zeros(2, 8)
    for step, answer in enumerate(mixer(x).unbind(1)):
        reset_in, update_in, new_in = (gate[:, step] for gate in gates_in)
        reset_at, update_at, new_at = (state @ mixer.gru.weight_hh_l0.T + mixer.gru.bias_hh_l0).chunk(3, -1)
        update = (update_in + update_at).sigmoid()
        new = (new_in + (reset_in + reset_at).sigmoid() * new_at).tanh()
        state = (1 - update) * new + update * state
        torch.testing.assert_close(answer, state)


D, DEPTH, CLASSES = 8, 3, 10


@pytest.mark.parametrize(
    ("architecture", "stem", "layer"),
    [
        ("mlp", 64 * D + D, D * D + D),
        ("cnn", 1 * D + D, 9 * D * D + D),
        ("gru", 1 * D + D, 2 * 3 * (D * D + D)),
        ("transformer", 1 * D + D + 64 * D, 4 * D * D + 4 * D + 2 * 4 * D * D + 4 * D + D),
    ],
)
@pytest.mark.parametrize(("norm", "weights"), [("none", 0), ("batch", 2 * D), ("layer", 2 * D), ("rms", D)])
def test_weights_are_counted_by_the_formula(architecture: str, stem: int, layer: int, norm: str, weights: int) -> None:
    """Invariant X10."""
    net = network(architecture, width=D, depth=DEPTH, norm=norm)
    norms = DEPTH * len(net.layers[0]) + 1
    expected = stem + DEPTH * layer + norms * weights + D * CLASSES + CLASSES
    assert sum(p.numel() for p in net.parameters()) == expected
