"""X22 (section 10, "from theory to practice"; 8.2.1): views are a set, and padding is not there.

A multi-view network gives the same answer for any order of the views, takes any number of them, and does not move when
each is there twice. A pooled answer is independent of how far examples are filled up.
"""

import pytest
import torch
from torch import Tensor

from suite.architectures.multi_view import Pool
from suite.nn.network import Network
from suite.nn.places import ALL, Places, Read
from tests.specimens import SPECIMENS, network

READS: tuple[Read, ...] = ("mean", "sum", "max", "first", "last")


def multi_view(**levels: object) -> tuple[Network, Tensor]:
    net, x = network("volume", "multi_view", **levels).eval(), SPECIMENS["volume"].part(4).inputs
    assert isinstance(net, Network)
    assert isinstance(x, Tensor)
    return net, x


def test_the_order_of_views_changes_nothing() -> None:
    net, x = multi_view()
    for order in ([1, 0, 2], [2, 0, 1]):
        torch.testing.assert_close(net(x[:, order]), net(x), atol=1e-5, rtol=0)


def test_any_number_of_views_is_taken_and_a_second_copy_of_all_changes_nothing() -> None:
    """Softmax and mean are both means: two of each weigh as one of each."""
    net, x = multi_view()
    assert net(x[:, :1]).shape == net(torch.cat([x, x[:, :2]], 1)).shape == net(x).shape
    torch.testing.assert_close(net(torch.cat([x, x], 1)), net(x), atol=1e-5, rtol=0)
    assert not net(x[:, :2]).allclose(net(x), atol=1e-3), "but every view counts"


def test_views_meet_after_each_was_looked_at() -> None:
    """What attention says of a view depends on the others; what the convolutions say of it does not."""
    net, x = multi_view()
    changed = x.clone()
    changed[:, 0] += 1

    def after(layers: int, x: Tensor) -> Tensor:
        y, places = net.stem(x)
        for part in [part for layer in net.layers for part in layer][:layers]:
            y = part(y, places)
        return y

    assert net.features(x)[0].shape == (4, 3, 16)
    assert after(2, x)[:, 1:].equal(after(2, changed)[:, 1:])
    assert not net.features(x)[0][:, 1:].allclose(net.features(changed)[0][:, 1:], atol=1e-5)


def test_a_view_is_the_mean_of_its_pixels() -> None:
    x = torch.randn(2, 3, 4, 5, 6)
    pooled, _ = Pool()(x, ALL)
    torch.testing.assert_close(pooled, x.flatten(2, 3).mean(2))


def test_where_pixels_stand_matters_all_the_same() -> None:
    """Views are a set; the pixels of a view are not."""
    net, x = multi_view(width=32)
    assert not net(x.flip(2)).allclose(net(x), atol=1e-3)


@pytest.mark.parametrize("how", READS)
@pytest.mark.parametrize("more", [1, 7])
def test_a_pooled_answer_does_not_depend_on_padding(how: Read, more: int) -> None:
    x, present = torch.randn(3, 6, 4), torch.arange(6) < torch.tensor([[6], [4], [1]])
    padded = torch.cat([x, torch.randn(3, more, 4)], 1)
    longer = torch.cat([present, torch.zeros(3, more, dtype=torch.bool)], 1)
    torch.testing.assert_close(Places(longer).read(padded, how), Places(present).read(x, how))


@pytest.mark.parametrize("how", ["mean", "sum", "max"])
def test_a_pooled_answer_does_not_depend_on_the_order(how: Read) -> None:
    x, order = torch.randn(3, 6, 4), torch.randperm(6)
    torch.testing.assert_close(Places().read(x[:, order], how), Places().read(x, how))
