"""Self-attention is the textbook's, and torch's."""

import pytest
import torch
from torch import nn

from suite.nn.attention import SelfAttention


def attention(width: int = 8, heads: int = 2) -> SelfAttention:
    torch.manual_seed(0)
    return SelfAttention(width, heads=heads)


def test_it_equals_torch_with_the_same_weights() -> None:
    ours, theirs = attention(12, 3), nn.MultiheadAttention(12, 3, batch_first=True)
    theirs.load_state_dict(
        {
            "in_proj_weight": ours.query_key_value.weight,
            "in_proj_bias": ours.query_key_value.bias,
            "out_proj.weight": ours.out.weight,
            "out_proj.bias": ours.out.bias,
        }
    )
    x = torch.randn(4, 7, 12)
    torch.testing.assert_close(ours(x), theirs(x, x, x, need_weights=False)[0])


def test_one_head_is_the_softmax_of_scaled_products() -> None:
    """E.10.4: softmax(Q K^T / sqrt(k)) V."""
    ours, x = attention(8, 1), torch.randn(2, 5, 8)
    q, k, v = ours.query_key_value(x).chunk(3, -1)
    expected = ours.out(((q @ k.transpose(1, 2)) / 8**0.5).softmax(-1) @ v)
    torch.testing.assert_close(ours(x), expected)


def test_it_is_permutation_equivariant() -> None:
    """Invariant X12."""
    ours, x, order = attention(), torch.randn(2, 9, 8), torch.randperm(9)
    torch.testing.assert_close(ours(x[:, order]), ours(x)[:, order])
    assert not torch.allclose(ours(x[:, order]), ours(x), atol=1e-2)


def test_every_place_asks_every_other() -> None:
    x = torch.randn(1, 5, 8, requires_grad=True)
    attention()(x)[0, 2].sum().backward()
    assert x.grad is not None
    assert (x.grad.abs().sum(-1) > 0).all()


def test_products_are_scaled_so_that_their_variance_stays() -> None:
    """Invariant X07, with slip S2 put right: var(q k) = k sigma^4."""
    for features in (8, 64, 512):
        q, k = torch.randn(2, 20000, features, generator=torch.Generator().manual_seed(features))
        products = (q * k).sum(-1)
        assert products.var().item() == pytest.approx(features, rel=0.05)
        assert (products / features**0.5).var().item() == pytest.approx(1, rel=0.05)


def test_a_width_that_heads_do_not_divide_is_refused() -> None:
    with pytest.raises(ValueError, match="width 30 is not a multiple of 4 heads"):
        SelfAttention(30, heads=4)
