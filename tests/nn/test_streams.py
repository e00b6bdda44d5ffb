"""An encoder and a decoder are torch's with the same weights, and the decoder sees what it should."""

import pytest
import torch
from torch import Tensor, nn

from suite.nn.attention import SelfAttention
from suite.nn.cross_attention import CrossAttention, memory_norm
from suite.nn.places import ALL, Places
from suite.nn.streams import Streams
from suite.trial import Size, Tricks

D, HEADS, DEPTH, PREFIX, L = 8, 2, 2, 5, 9


def streams(*, encoded: int | None = PREFIX, start: int = PREFIX, causal: bool = True, kept: bool = True) -> Streams:
    size = Size(width=D, heads=HEADS, depth=DEPTH)
    return Streams(size, Tricks(), encoded=encoded, start=start, causal=causal, kept=kept)


def self_attention(ours: SelfAttention, theirs: nn.MultiheadAttention) -> None:
    theirs.in_proj_weight.data, theirs.in_proj_bias.data = ours.query_key_value.weight, ours.query_key_value.bias
    theirs.out_proj.load_state_dict(ours.out.state_dict())


def cross_attention(ours: CrossAttention, theirs: nn.MultiheadAttention) -> None:
    theirs.in_proj_weight.data = torch.cat([ours.query.weight, ours.key_value.weight])
    theirs.in_proj_bias.data = torch.cat([ours.query.bias, ours.key_value.bias])
    theirs.out_proj.load_state_dict(ours.out.state_dict())


def torchs(ours: Streams) -> tuple[nn.TransformerEncoder, nn.TransformerDecoder]:
    """torch's encoder and decoder with our weights."""
    shape = {"dim_feedforward": 4 * D, "dropout": 0.0, "activation": "gelu", "batch_first": True, "norm_first": True}
    encoder = nn.TransformerEncoder(
        nn.TransformerEncoderLayer(D, HEADS, **shape), DEPTH, nn.LayerNorm(D), enable_nested_tensor=False
    )
    decoder = nn.TransformerDecoder(nn.TransformerDecoderLayer(D, HEADS, **shape), DEPTH)
    for mine, theirs in zip([*ours.encoder, *ours.decoder], [*encoder.layers, *decoder.layers], strict=True):
        first, *middle, last = mine
        self_attention(first.mixer, theirs.self_attn)
        for sublayer in middle:
            cross_attention(sublayer.mixer, theirs.multihead_attn)
        for number, sublayer in enumerate(mine, start=1):
            getattr(theirs, f"norm{number}").load_state_dict(sublayer.norm.state_dict())
        theirs.linear1.load_state_dict(last.mixer.each[0].state_dict())
        theirs.linear2.load_state_dict(last.mixer.each[2].state_dict())
    return encoder, decoder


def shaken(module: nn.Module) -> None:
    """Norms that do something of their own."""
    with torch.no_grad():
        for weight in module.parameters():
            weight.add_(0.1 * torch.randn_like(weight))


def test_both_are_torchs_with_the_same_weights() -> None:
    ours, x = streams(), torch.randn(3, L, D)
    shaken(ours)
    encoder, decoder = torchs(ours)
    encoder.norm.load_state_dict(ours.norm.state_dict())
    later = torch.ones(L - PREFIX, L - PREFIX, dtype=torch.bool).triu(1)
    memory = encoder(x[:, :PREFIX])
    expected = torch.cat([memory, decoder(x[:, PREFIX:], memory, tgt_mask=later)], 1)
    found, places = ours(x, ALL)
    torch.testing.assert_close(found, expected)
    assert places is ALL


def test_padding_of_either_row_is_torchs_too() -> None:
    """Both see the same row, whose end is missing in two of three examples."""
    ours, x = streams(encoded=None, start=0, causal=False), torch.randn(3, L, D)
    present = torch.arange(L) < torch.tensor([L, 6, 2])[:, None]
    encoder, decoder = torchs(ours)
    memory = encoder(x, src_key_padding_mask=~present)
    expected = decoder(x, memory, tgt_key_padding_mask=~present, memory_key_padding_mask=~present)
    found, places = ours(x, Places(present))
    torch.testing.assert_close(found[present], expected[present])
    assert places.present is present


def gradient(ours: Streams, place: int) -> list[int]:
    """Which places of the row an answer depends on."""
    x = torch.randn(1, L, D, requires_grad=True)
    (seen,) = torch.autograd.grad(ours(x, ALL)[0][0, place].square().sum(), x)
    return [number for number, there in enumerate(seen[0].abs().sum(-1)) if there > 1e-7]


@pytest.mark.parametrize("start", [PREFIX - 1, PREFIX])
def test_the_decoder_sees_the_prefix_and_what_it_said_so_far(start: int) -> None:
    ours = streams(start=start)
    assert gradient(ours, 0) == list(range(PREFIX)), "encoded: the prefix as a whole, and nothing else"
    assert gradient(ours, start) == list(range(max(PREFIX, start + 1)))
    assert gradient(ours, L - 2) == list(range(L - 1))


def test_the_encoded_places_can_be_left_out() -> None:
    kept, left_out = streams(causal=False), streams(causal=False, kept=False)
    left_out.load_state_dict(kept.state_dict())
    x, present = torch.randn(2, L, D), torch.arange(L) < torch.tensor([[L], [PREFIX + 1]])
    found, places = left_out(x, Places(present))
    torch.testing.assert_close(found, kept(x, Places(present))[0][:, PREFIX:])
    assert isinstance(places.present, Tensor)
    assert places.present.equal(present[:, PREFIX:])


def test_a_memory_is_normalized_where_blocks_do_not_end_with_a_norm() -> None:
    x = 5 + torch.randn(2, 3, D)
    assert memory_norm(Tricks(), D)(x, ALL).mean().abs() < 1e-6
    assert memory_norm(Tricks(norm_place="post"), D)(x, ALL) is x
