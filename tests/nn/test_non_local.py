"""The non-local block is its formula, and attention without what attention has besides."""

import torch
from torch import nn

from suite.nn.attention import SelfAttention
from suite.nn.non_local import NonLocal
from suite.nn.places import Places
from tests.specimens import SPECIMENS, network

B, D = 2, 8


def block() -> NonLocal:
    return NonLocal(D).double()


def volume() -> torch.Tensor:
    return torch.randn(B, 2, 3, 4, D, dtype=torch.float64)


def test_it_is_the_formula_place_by_place() -> None:
    """Equations 1 and 4 of Wang et al. 2018, in a film: the mean of g(x_j), weighted by exp(theta(x_i) . phi(x_j))."""
    layer, x = block(), volume()
    y = layer(x).flatten(1, -2)
    for example, places in enumerate(x.flatten(1, -2)):
        for i, place in enumerate(places):
            f = torch.stack([(layer.theta(place) @ layer.phi(other)).exp() for other in places])
            mean = sum(weight * layer.g(other) for weight, other in zip(f, places, strict=True)) / f.sum()
            torch.testing.assert_close(y[example, i], layer.out(mean))
    assert layer.theta.out_features == D // 2


def test_it_is_attention_of_one_head_without_a_scale() -> None:
    wide, x = SelfAttention(D, heads=1).double(), volume()
    layer = block()
    layer.theta, layer.phi, layer.g = (nn.Linear(D, D).double() for _ in range(3))
    layer.out = wide.out
    with torch.no_grad():
        q, k, v = wide.query_key_value.weight.chunk(3)
        q_bias, k_bias, v_bias = wide.query_key_value.bias.chunk(3)
        for linear, weight, bias in (
            (layer.theta, q * D**-0.5, q_bias * D**-0.5),
            (layer.phi, k, k_bias),
            (layer.g, v, v_bias),
        ):
            linear.weight.copy_(weight)
            linear.bias.copy_(bias)
    torch.testing.assert_close(layer(x).flatten(1, -2), wide(x.flatten(1, -2)))


def test_places_that_are_not_there_have_no_weight() -> None:
    layer, x = block(), torch.randn(B, 6, D, dtype=torch.float64)
    present = torch.arange(6) < torch.tensor([[6], [4]])
    y = layer(x, Places(present))
    torch.testing.assert_close(y[1, :4], layer(x[1:, :4])[0])
    torch.testing.assert_close(y[0], layer(x[:1])[0])


def test_the_order_of_places_does_not_matter_to_the_block_and_does_to_the_network() -> None:
    layer, x = block(), volume()
    torch.testing.assert_close(layer(x.flip(2)), layer(x).flip(2))
    net, images = network("image", "non_local"), SPECIMENS["image"].part(2).inputs
    shuffled = images.flatten(1, 2)[:, torch.randperm(36)].view_as(images)
    assert not net(shuffled).allclose(net(images), atol=1e-4)


def test_a_pixel_sees_the_whole_image_in_one_layer() -> None:
    net = network("image", "non_local", depth=1, norm="none").double()
    x = torch.randn(1, 6, 6, 2, dtype=torch.float64, requires_grad=True)
    net.features(x)[0][0, 0, 0].sum().backward()
    assert (x.grad != 0).all()
