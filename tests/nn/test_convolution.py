"""The convolution is torch's, channels last, and translation equivariant away from the border."""

import pytest
import torch
from torch import nn
from torch.nn import functional

from suite.nn.convolution import Convolution

FUNCTIONS = {1: functional.conv1d, 2: functional.conv2d, 3: functional.conv3d}


def convolution(width: int, rank: int) -> Convolution:
    return Convolution(width, rank=rank, kernel=3, activation="gelu")


@pytest.mark.parametrize("rank", [1, 2, 3])
def test_it_is_a_convolution_and_a_nonlinearity(rank: int) -> None:
    layer, x = convolution(4, rank), torch.randn(2, *[6] * rank, 4)
    expected = FUNCTIONS[rank](x.movedim(-1, 1), layer.conv.weight, layer.conv.bias, padding=1).movedim(1, -1)
    torch.testing.assert_close(layer(x), functional.gelu(expected))


@pytest.mark.parametrize("rank", [1, 2, 3])
def test_it_moves_with_its_input_away_from_the_border(rank: int) -> None:
    """Invariant X08; the zeros around the border are what breaks it there."""
    layer, x = convolution(4, rank), torch.randn(1, *[8] * rank, 4)
    axes = tuple(range(1, rank + 1))
    moved, rolled = layer(x.roll([1] * rank, axes)), layer(x).roll([1] * rank, axes)
    inside = (slice(None), *[slice(2, -1)] * rank)
    torch.testing.assert_close(moved[inside], rolled[inside])
    assert not torch.allclose(moved, rolled, atol=1e-3)


def test_neighbours_mix_and_no_others() -> None:
    """Invariant X09: the receptive field of L layers is 1 + L (s - 1)."""
    layers = nn.Sequential(*(convolution(4, 1) for _ in range(3)))
    x = torch.randn(1, 15, 4, requires_grad=True)
    layers(x)[0, 7].sum().backward()
    assert x.grad is not None
    assert x.grad.abs().sum(-1).squeeze().nonzero().flatten().tolist() == list(range(4, 11))


def test_its_parameters_are_counted_by_the_formula() -> None:
    """Invariant X10: s^rank c c' + c'."""
    for rank in (1, 2, 3):
        assert sum(p.numel() for p in convolution(6, rank).parameters()) == 3**rank * 6 * 6 + 6
