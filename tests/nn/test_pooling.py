"""Pooling is torch's, channels last, over the places that are there."""

import pytest
import torch
from torch.nn import functional

from suite.nn.places import ALL, Places
from suite.nn.pooling import MaxPool, MeanPool

MAXIMA = {1: functional.max_pool1d, 2: functional.max_pool2d, 3: functional.max_pool3d}
MEANS = {1: functional.avg_pool1d, 2: functional.avg_pool2d, 3: functional.avg_pool3d}

each_rank = pytest.mark.parametrize("rank", [1, 2, 3])


@each_rank
@pytest.mark.parametrize("side", [2, 3])
def test_max_pool_is_torchs(rank: int, side: int) -> None:
    x = torch.randn(2, *[6] * rank, 4)
    y, places = MaxPool(side)(x)
    torch.testing.assert_close(y, MAXIMA[rank](x.movedim(-1, 1), side).movedim(1, -1))
    assert places is ALL


def test_what_is_left_over_is_a_window_too() -> None:
    x = torch.tensor([1.0, 3, 2, -5, -7]).view(1, 5, 1)
    assert MaxPool()(x)[0].flatten().tolist() == [3, 2, -7]
    assert MaxPool()(x[:, :1])[0].flatten().tolist() == [1]


def test_the_maximum_is_of_the_places_that_are_there() -> None:
    """Also where it is negative, and nothing is left of windows without a place."""
    x = torch.full((2, 6, 1), -1.0)
    present = torch.arange(6) < torch.tensor([[6], [3]])
    y, places = MaxPool()(x.masked_fill(~present[..., None], 5.0), Places(present, causal=True))
    assert y.squeeze(-1).tolist() == [[-1, -1, -1], [-1, -1, 0]]
    assert places.present is not None
    assert places.present.tolist() == [[True, True, True], [True, True, False]]
    assert places.causal


def test_max_pool_hardly_notices_a_small_move() -> None:
    """Invariance in the small (section 7.2.2): a move by the side of a window moves the answer by one place."""
    x = torch.randn(1, 8, 8, 3)
    torch.testing.assert_close(MaxPool()(x.roll(2, 1))[0], MaxPool()(x)[0].roll(1, 1))


@each_rank
@pytest.mark.parametrize("kernel", [3, 5])
def test_mean_pool_is_torchs(rank: int, kernel: int) -> None:
    x = torch.randn(2, *[6] * rank, 4)
    expected = MEANS[rank](x.movedim(-1, 1), kernel, 1, kernel // 2, count_include_pad=False).movedim(1, -1)
    torch.testing.assert_close(MeanPool(kernel)(x), expected)


def test_a_causal_mean_is_of_the_last_places() -> None:
    x = torch.arange(5.0).view(1, 5, 1)
    assert MeanPool(3)(x, Places(causal=True)).flatten().tolist() == [0, 0.5, 1, 2, 3]


def test_the_mean_is_of_the_places_that_are_there() -> None:
    x, present = torch.tensor([2.0, 4, 9, 9]).view(1, 4, 1), torch.tensor([[True, True, False, False]])
    assert MeanPool(3)(x, Places(present)).flatten().tolist() == [3, 3, 4, 0]
