"""The convolution is torch's, channels last, and looks back only where a task, or the layer, asks for it."""

import pytest
import torch
from torch import nn
from torch.nn import functional

from suite.nn.convolution import Convolution, Filter, axes
from suite.nn.places import Places
from tests.specimens import SPECIMENS

FUNCTIONS = {1: functional.conv1d, 2: functional.conv2d, 3: functional.conv3d}
CAUSAL = Places(causal=True)

each_rank = pytest.mark.parametrize("rank", [1, 2, 3])


def convolution(width: int, rank: int) -> Convolution:
    return Convolution(width, rank=rank, kernel=3, activation="gelu")


@each_rank
def test_it_is_a_convolution_and_a_nonlinearity(rank: int) -> None:
    layer, x = convolution(4, rank), torch.randn(2, *[6] * rank, 4)
    expected = FUNCTIONS[rank](x.movedim(-1, 1), layer.conv.weight, layer.conv.bias, padding=1).movedim(1, -1)
    torch.testing.assert_close(layer(x), functional.gelu(expected))


@each_rank
@pytest.mark.parametrize(("kernel", "dilation", "groups"), [(1, 1, 1), (5, 1, 1), (3, 2, 1), (3, 1, 4), (7, 2, 2)])
def test_a_filter_is_the_convolution_alone(rank: int, kernel: int, dilation: int, groups: int) -> None:
    layer = Filter(4, rank=rank, kernel=kernel, dilation=dilation, groups=groups)
    x, reach = torch.randn(2, *[5] * rank, 4), dilation * (kernel - 1)
    expected = FUNCTIONS[rank](
        x.movedim(-1, 1), layer.conv.weight, layer.conv.bias, padding=reach // 2, dilation=dilation, groups=groups
    )
    torch.testing.assert_close(layer(x), expected.movedim(1, -1))


@each_rank
@pytest.mark.parametrize("kernel", [2, 3, 4])
def test_places_stay_as_many_as_they_were(rank: int, kernel: int) -> None:
    x = torch.randn(2, *range(3, 3 + rank), 4)
    assert Filter(4, rank=rank, kernel=kernel, out=6)(x).shape == (*x.shape[:-1], 6)


@each_rank
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


def test_a_causal_one_has_all_its_zeros_in_front() -> None:
    """Section 8.3.2; asked for by the task or by the layer, it is the same."""
    layer, x = Filter(4, rank=1, kernel=3, dilation=2), torch.randn(2, 9, 4)
    expected = functional.conv1d(functional.pad(x.mT, (4, 0)), layer.conv.weight, layer.conv.bias, dilation=2).mT
    torch.testing.assert_close(layer(x, CAUSAL), expected)
    layer.causal = True
    torch.testing.assert_close(layer(x), expected)
    assert not layer(x).allclose(Filter.forward(layer, x.flip(1)).flip(1), atol=1e-3)


def test_places_that_are_not_there_are_zeros() -> None:
    layer, x = convolution(4, 1), torch.randn(2, 9, 4)
    present = torch.arange(9) < torch.tensor([[9], [5]])
    torch.testing.assert_close(layer(x, Places(present))[1, :5], layer(x[1:, :5])[0])


def test_its_parameters_are_counted_by_the_formula() -> None:
    """Invariant X10: s^rank c c' + c'."""
    for rank in (1, 2, 3):
        assert sum(p.numel() for p in convolution(6, rank).parameters()) == 3**rank * 6 * 6 + 6


def test_axes_are_those_of_an_example() -> None:
    expected = {"series": 1, "audio": 1, "text": 1, "sequence": 1, "image": 2, "volume": 3}
    found = {
        specimen.task.data: axes(specimen.task) for specimen in SPECIMENS.values() if specimen.task.data in expected
    }
    assert found == expected
