"""A convolution with a stride is every second answer of the one without."""

import pytest
import torch

from suite.nn.places import ALL, Places
from suite.nn.stride import Strided

D = 4


@pytest.mark.parametrize("rank", [1, 2, 3])
@pytest.mark.parametrize("length", [1, 5, 6])
@pytest.mark.parametrize(("kernel", "stride"), [(1, 2), (2, 2), (3, 2), (5, 3)])
def test_it_skips_answers(rank: int, length: int, kernel: int, stride: int) -> None:
    layer = Strided(D, rank=rank, kernel=kernel, activation="gelu", stride=stride)
    x = torch.randn(2, *[length] * rank, D)
    y, places = layer(x)
    layer.conv.conv.stride = (1,) * rank
    torch.testing.assert_close(y, layer.conv(x)[layer.kept])
    assert y.shape == (2, *[-(-length // stride)] * rank, D)
    assert places is ALL


def test_a_place_is_there_if_the_one_it_stands_for_was() -> None:
    present = torch.arange(7) < torch.tensor([[7], [3], [0]])
    layer, x = Strided(D, rank=1, kernel=3, activation="gelu"), torch.randn(3, 7, D)
    y, places = layer(x, Places(present, prefix=1))
    assert places.present is not None
    assert places.present.tolist() == [[True] * 4, [True, True, False, False], [False] * 4]
    assert places.prefix == 1
    torch.testing.assert_close(y[1, :2], layer(x[1:2, :3])[0][0])
    assert not y[~places.present].any()
