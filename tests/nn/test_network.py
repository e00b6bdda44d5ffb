"""The network: stem, depth times a layer, norm, read-out, head."""

from collections.abc import Sequence

import torch
from torch import nn

from suite import catalog
from suite.nn.block import Alone
from suite.nn.network import Network
from suite.nn.stem import sequence
from suite.trial import Size, Tricks


def network(depth: int = 3, **tricks: str) -> Network:
    def layer(index: int) -> Sequence[nn.Module]:
        return [Alone(nn.Linear(8, 8)) for _ in range(index + 1)]

    size = Size(width=8, depth=depth, patch=2)
    return Network(catalog.task("image/digits"), size, Tricks(**tricks), view=sequence, layer=layer)  # type: ignore[arg-type]


def test_an_architecture_may_give_another_layer_at_every_depth() -> None:
    assert [len(layer) for layer in network().layers] == [1, 2, 3]


def test_the_read_out_is_the_mean_over_places() -> None:
    """Without anything that knows places, their order is nothing (invariant X12)."""
    net, x = network(), torch.randn(4, 8, 8, 1)
    order = torch.randperm(4)
    shuffled = x.unflatten(1, (4, 2))[:, order].flatten(1, 2)  # rows of patches in another order
    torch.testing.assert_close(net(shuffled), net(x))


def test_one_layer_is_enough() -> None:
    assert network(depth=1)(torch.zeros(2, 8, 8, 1)).shape == (2, 10)


def test_the_last_norm_is_of_the_same_kind() -> None:
    assert isinstance(network(norm="rms").norm, nn.RMSNorm)
    assert isinstance(network(norm="none").norm, nn.Identity)
