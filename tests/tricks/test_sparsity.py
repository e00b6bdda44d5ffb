"""Both ways to sparse weights have the same minima, and one that is a product is a weight again afterwards."""

import pytest
import torch
from torch import nn

from suite.tricks.sparsity import factor, fold, penalty


def network() -> nn.Sequential:
    return nn.Sequential(nn.Linear(6, 4), nn.LayerNorm(4), nn.Conv1d(1, 2, 3), nn.Embedding(3, 2))


def test_none_is_nothing() -> None:
    assert penalty("none", network(), 1.0) is None


def test_l1_adds_up_the_weights_of_maps_alone() -> None:
    net = network()
    added = penalty("l1", net, 0.5)
    assert added is not None
    torch.testing.assert_close(added(), 0.5 * (net[0].weight.abs().sum() + net[2].weight.abs().sum()))


def test_a_product_starts_as_what_it_replaces_and_its_penalty_is_never_less_than_that_of_l1() -> None:
    net = network()
    kept, wanted = net[0].weight.detach().clone(), penalty("l1", net, 0.5)
    assert wanted is not None
    least = wanted().item()
    factor(net)
    added = penalty("product", net, 0.5)
    assert added is not None
    assert net[0].weight.equal(kept)
    assert added() > least
    with torch.no_grad():
        for module in (net[0], net[2]):
            a, b = module.parametrizations.weight.original0, module.parametrizations.weight.original1
            w = a * b
            a.copy_(w.abs().sqrt())
            b.copy_(w.sign() * a)
    assert added().item() == pytest.approx(least), "and equal where |a| = |b|"


def test_a_product_is_a_weight_again_with_the_same_name() -> None:
    net = network()
    names, x = [name for name, _ in net.named_parameters()], torch.randn(5, 6)
    factor(net)
    assert [name for name, _ in net.named_parameters()] != names
    before = net[0](x)
    fold(net)
    assert sorted(name for name, _ in net.named_parameters()) == sorted(names)
    torch.testing.assert_close(net[0](x), before)
    fold(net)  # nothing left to do


def lasso(level: str) -> torch.Tensor:
    """Weights learned where only the first two of six inputs matter."""
    torch.manual_seed(0)
    x = torch.randn(200, 6)
    y = x[:, :1] * 2 - x[:, 1:2]
    net = nn.Linear(6, 1, bias=False)
    if level == "product":
        factor(net)
    added = penalty(level, net, 0.2)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
    for step in range(1500):
        optimizer.param_groups[0]["lr"] = 0.05 * (1 - step / 1500)
        optimizer.zero_grad()
        value = (net(x) - y).square().mean()
        (value if added is None else value + added()).backward()
        optimizer.step()
    fold(net)
    return net.weight.detach()[0]


def test_both_find_the_lasso() -> None:
    """Soft thresholding: what matters shrinks by about half the penalty, what does not is zero."""
    by_l1, by_product = lasso("l1"), lasso("product")
    torch.testing.assert_close(by_l1, by_product, atol=5e-3, rtol=0)
    assert by_product[2:].abs().max() < 1e-3
    assert by_product[:2].tolist() == pytest.approx([1.9, -0.9], abs=0.03)


def test_an_unknown_level_is_refused() -> None:
    with pytest.raises(ValueError, match="'l0'"):
        penalty("l0", network(), 1.0)
