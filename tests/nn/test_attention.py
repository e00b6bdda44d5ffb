"""Attention is the textbook's, and torch's."""

from dataclasses import replace

import pytest
import torch
from torch import Tensor, nn

from suite.nn.attention import Attention, Continued, MultiQueryAttention, SelfAttention
from suite.nn.cross_attention import Beside, CrossAttention
from suite.nn.places import ALL, Places

KINDS = (SelfAttention, MultiQueryAttention)
CAUSAL = Places(causal=True)


def attention(width: int = 8, heads: int = 2) -> SelfAttention:
    torch.manual_seed(0)
    return SelfAttention(width, heads=heads)


def torchs(ours: SelfAttention) -> nn.MultiheadAttention:
    width = ours.out.in_features
    theirs = nn.MultiheadAttention(width, ours.heads, batch_first=True)
    theirs.load_state_dict(
        {
            "in_proj_weight": ours.query_key_value.weight,
            "in_proj_bias": ours.query_key_value.bias,
            "out_proj.weight": ours.out.weight,
            "out_proj.bias": ours.out.bias,
        }
    )
    return theirs


def test_it_equals_torch_with_the_same_weights() -> None:
    ours, x = attention(12, 3), torch.randn(4, 7, 12)
    torch.testing.assert_close(ours(x), torchs(ours)(x, x, x, need_weights=False)[0])


def test_it_equals_torch_with_its_masks() -> None:
    ours, x = attention(12, 3), torch.randn(4, 7, 12)
    theirs, later = torchs(ours), torch.ones(7, 7, dtype=torch.bool).triu(1)
    torch.testing.assert_close(ours(x, CAUSAL), theirs(x, x, x, attn_mask=later, need_weights=False)[0])
    present = torch.arange(7) < torch.tensor([7, 5, 2, 1])[:, None]
    expected = theirs(x, x, x, key_padding_mask=~present, need_weights=False)[0]
    torch.testing.assert_close(ours(x, Places(present))[present], expected[present])


def test_cross_attention_equals_torch_with_the_same_weights() -> None:
    """E.11.1."""
    ours, theirs = CrossAttention(12, heads=3), nn.MultiheadAttention(12, 3, batch_first=True)
    theirs.load_state_dict(
        {
            "in_proj_weight": torch.cat([ours.query.weight, ours.key_value.weight]),
            "in_proj_bias": torch.cat([ours.query.bias, ours.key_value.bias]),
            "out_proj.weight": ours.out.weight,
            "out_proj.bias": ours.out.bias,
        }
    )
    x, memory = torch.randn(4, 7, 12), torch.randn(4, 5, 12)
    torch.testing.assert_close(ours(x, Beside(memory=memory)), theirs(x, memory, memory, need_weights=False)[0])
    remembered = torch.arange(5) < torch.tensor([5, 4, 2, 1])[:, None]
    expected = theirs(x, memory, memory, key_padding_mask=~remembered, need_weights=False)[0]
    torch.testing.assert_close(ours(x, Beside(memory=memory, remembered=remembered)), expected)


def test_cross_attention_needs_a_memory() -> None:
    with pytest.raises(AssertionError, match="needs a memory"):
        CrossAttention(8, heads=2)(torch.randn(1, 2, 8))


def test_one_head_is_the_softmax_of_scaled_products() -> None:
    """E.10.4: softmax(Q K^T / sqrt(k)) V."""
    ours, x = attention(8, 1), torch.randn(2, 5, 8)
    q, k, v = ours.query_key_value(x).chunk(3, -1)
    expected = ours.out(((q @ k.transpose(1, 2)) / 8**0.5).softmax(-1) @ v)
    torch.testing.assert_close(ours(x), expected)


@pytest.mark.parametrize("places", [ALL, CAUSAL])
def test_multi_query_is_self_attention_whose_heads_have_equal_keys_and_values(places: Places) -> None:
    shared, full = MultiQueryAttention(12, heads=3), SelfAttention(12, heads=3)
    keys_and_values = [part.repeat(3, *[1] * (part.dim() - 1)) for part in _halves(shared.key_value)]
    full.query_key_value.weight.data = torch.cat([shared.query.weight, keys_and_values[0], keys_and_values[1]])
    full.query_key_value.bias.data = torch.cat([shared.query.bias, keys_and_values[2], keys_and_values[3]])
    full.out = shared.out
    x = torch.randn(2, 7, 12)
    torch.testing.assert_close(shared(x, places), full(x, places))


def _halves(layer: nn.Linear) -> tuple[Tensor, ...]:
    return *layer.weight.chunk(2), *layer.bias.chunk(2)


def test_multi_query_has_one_key_and_value_whatever_the_heads() -> None:
    """D^2 for queries, 2 D K for keys and values, D^2 for the way out; and their biases."""
    for heads in (1, 2, 8):
        found = sum(p.numel() for p in MultiQueryAttention(16, heads=heads).parameters())
        assert found == 2 * (16 * 16 + 16) + 2 * (16 + 1) * 16 // heads


@pytest.mark.parametrize("kind", KINDS)
def test_every_place_asks_every_other(kind: type[Attention]) -> None:
    x = torch.randn(1, 5, 8, requires_grad=True)
    kind(8, heads=2)(x)[0, 2].sum().backward()
    assert x.grad is not None
    assert (x.grad.abs().sum(-1) > 0).all()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("positions", ["none", "relative", "alibi", "rope"])
@pytest.mark.parametrize("places", [CAUSAL, Places(causal=True, prefix=4)])
def test_places_can_come_in_pieces_if_keys_are_kept(kind: type[Attention], positions: str, places: Places) -> None:
    mixer, x = kind(8, heads=2, positions=positions), torch.randn(2, 11, 8)
    continued = Continued(causal=True, prefix=places.prefix)
    pieces = [mixer(piece, continued) for piece in x.split([4, 3, 1, 1, 2], 1)]
    torch.testing.assert_close(torch.cat(pieces, 1), mixer(x, places))


@pytest.mark.parametrize("kind", KINDS)
def test_a_plain_causal_mask_is_the_general_one(kind: type[Attention]) -> None:
    """Without a mask in memory where torch has one built in; a prefix of one place is no prefix."""
    mixer, x = kind(8, heads=2), torch.randn(2, 6, 8)
    general = replace(CAUSAL, present=torch.ones(2, 6, dtype=torch.bool))
    torch.testing.assert_close(mixer(x, CAUSAL), mixer(x, general))
    torch.testing.assert_close(mixer(x, CAUSAL), mixer(x, Places(causal=True, prefix=1)))


@pytest.mark.parametrize("kind", [*KINDS, CrossAttention])
def test_a_width_that_heads_do_not_divide_is_refused(kind: type[Attention]) -> None:
    with pytest.raises(ValueError, match="width 30 is not a multiple of 4 heads"):
        kind(30, heads=4)
