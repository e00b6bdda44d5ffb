"""The map across places is a linear layer on the transposed example."""

import torch
from torch.nn import functional

from suite.nn.across import Across
from suite.nn.places import Places

B, L, M, D = 2, 6, 4, 3


def test_it_is_torchs_linear_layer_across_places() -> None:
    layer, x_BLD = Across(L, M), torch.randn(B, L, D)
    torch.testing.assert_close(layer(x_BLD), functional.linear(x_BLD.mT, layer.weight, layer.bias).mT)


def test_features_do_not_mix() -> None:
    layer, x_BLD = Across(L, M), torch.randn(B, L, D)
    torch.testing.assert_close(layer(x_BLD[..., :1]), layer(x_BLD)[..., :1])


def test_missing_places_count_as_zeros() -> None:
    layer, x_BLD = Across(L, M), torch.randn(B, L, D)
    present = (torch.arange(L) < 4).expand(B, L)
    torch.testing.assert_close(layer(x_BLD, Places(present)), layer(x_BLD[:, :4]))


def test_a_causal_map_is_a_lower_triangle() -> None:
    layer, x_BLD = Across(L, L), torch.randn(B, L, D)
    torch.testing.assert_close(layer(x_BLD, Places(causal=True)), layer.weight.tril() @ x_BLD + layer.bias[:, None])


def test_it_starts_as_a_linear_layer_does() -> None:
    layer = Across(100, 1000)
    assert 0.099 < layer.weight.abs().max() <= 0.1
    assert 0.099 < layer.bias.abs().max() <= 0.1
