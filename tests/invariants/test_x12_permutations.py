"""X12 (section 10.2.1), for attention: MHA(P X) = P MHA(X), unless positions say which place is which.

A read-out that pools is then invariant: f(P X) = f(X).
"""

from collections.abc import Callable

import pytest
import torch
from torch import nn

from suite.nn.attention import MultiQueryAttention, SelfAttention
from suite.nn.block import Mixer
from suite.nn.linear_attention import LinearAttention
from suite.nn.network import Network
from tests.specimens import SPECIMENS, network

L, D = 9, 8
MIXERS: dict[str, Callable[[], Mixer]] = {
    "self-attention": lambda: SelfAttention(D, heads=2),
    "multi-query": lambda: MultiQueryAttention(D, heads=2),
    "linear": lambda: LinearAttention(D, heads=2),
}
SET_NETWORKS = ("transformer", "parallel", "multi_query", "linear_attention", "perceiver")
ABSOLUTE = ("scalar", "one_hot", "learned", "sinusoidal")
INSIDE = ("relative", "alibi", "alibi_trained", "rope")


@pytest.mark.parametrize("name", list(MIXERS))
def test_attention_is_permutation_equivariant(name: str) -> None:
    mixer, x, order = MIXERS[name](), torch.randn(2, L, D), torch.randperm(L)
    torch.testing.assert_close(mixer(x[:, order]), mixer(x)[:, order], atol=1e-5, rtol=0)
    assert not torch.allclose(mixer(x[:, order]), mixer(x), atol=1e-2)


def moved_by_order(architecture: str, positions: str) -> float:
    """How much the answers change when the places of a series are shuffled."""
    net, x = network("series", architecture, positions=positions), SPECIMENS["series"].part(4).inputs
    assert isinstance(net, Network)
    assert isinstance(x, torch.Tensor)
    for module in net.modules():  # as large as positions become in training
        if type(module).__name__ in ("Learned", "RelativeBias"):
            nn.init.normal_(module.weight)
    order = torch.randperm(x.shape[1])
    return (net(x[:, order]) - net(x)).abs().max().item()


@pytest.mark.parametrize("architecture", SET_NETWORKS)
def test_without_positions_the_pooled_answer_does_not_know_the_order(architecture: str) -> None:
    assert moved_by_order(architecture, "none") < 1e-5


@pytest.mark.parametrize("architecture", SET_NETWORKS)
@pytest.mark.parametrize("positions", ABSOLUTE)
def test_with_absolute_positions_it_does(architecture: str, positions: str) -> None:
    assert moved_by_order(architecture, positions) > 1e-3


@pytest.mark.parametrize("architecture", ["transformer", "parallel", "multi_query"])
@pytest.mark.parametrize("positions", INSIDE)
def test_with_relative_positions_it_does(architecture: str, positions: str) -> None:
    assert moved_by_order(architecture, positions) > 1e-3


def test_a_causal_mask_knows_the_order_without_positions() -> None:
    """Why decoders can do without (H36)."""
    assert moved_by_order("decoder", "none") > 1e-3
