"""Linear attention is the weighted mean that its formula says, with masks and without; see also invariant X15."""

import pytest
import torch
from torch import Tensor

from suite.nn.linear_attention import BLOCK, LinearAttention, causal, everywhere, phi
from suite.nn.places import Places

H, K = 2, 3


def drawn(length: int) -> tuple[Tensor, Tensor, Tensor]:
    q, k, v = torch.randn(3, 2, H, length, K, dtype=torch.float64)
    return phi(q), phi(k), v


def by_weights(q: Tensor, k: Tensor, v: Tensor, allowed: Tensor) -> Tensor:
    """All pairs of places one by one: what the sums avoid."""
    weight = (q @ k.mT) * allowed
    return weight / weight.sum(-1, keepdim=True) @ v


def test_phi_is_positive_and_elu_plus_one() -> None:
    x = torch.tensor([-2.0, 0.0, 3.0])
    torch.testing.assert_close(phi(x), torch.tensor([torch.e**-2, 1.0, 4.0]))


def test_everywhere_is_the_mean_with_those_weights() -> None:
    q, k, v = drawn(7)
    torch.testing.assert_close(everywhere(q, k, v), by_weights(q, k, v, torch.ones(7, 7)))


@pytest.mark.parametrize("length", [6, BLOCK, BLOCK + 1, 3 * BLOCK + 3])
@pytest.mark.parametrize("prefix", [0, 1, 5])
def test_blocks_give_what_the_mask_gives(length: int, prefix: int) -> None:
    q, k, v = drawn(length)
    allowed = Places(causal=True, prefix=prefix).may_look(length)
    assert allowed is not None
    torch.testing.assert_close(causal(q, k, v, prefix), by_weights(q, k, v, allowed))


@pytest.mark.parametrize("ordered", [False, True])
def test_places_that_are_not_there_weigh_nothing(ordered: bool) -> None:
    mixer, x = LinearAttention(6, heads=H), torch.randn(2, 9, 6)
    present = torch.arange(9) < torch.tensor([[5], [9]])
    found = mixer(x, Places(present, causal=ordered))
    torch.testing.assert_close(found[0, :5], mixer(x[:1, :5], Places(causal=ordered))[0])
    torch.testing.assert_close(found[1], mixer(x[1:], Places(causal=ordered))[0])
