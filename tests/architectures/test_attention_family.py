"""What sets the architectures of attention apart: who sees whom, what is read, and how many weights that takes."""

import math
from dataclasses import replace

import pytest
import torch
from torch import Tensor, nn

from suite import catalog
from suite.architectures.aft import AttentionFree
from suite.architectures.gau import GatedAttention
from suite.architectures.memory_layer import Memory
from suite.architectures.perceiver import LATENTS
from suite.architectures.rwkv import ChannelMix, Fading, TimeMix
from suite.architectures.vit import REGISTERS
from suite.nn.attention import SelfAttention
from suite.nn.block import Stage, Sublayer
from suite.nn.network import Network
from suite.nn.places import Places
from tasks.modes import Modes
from tests.specimens import CLASSES, LENGTH, SPECIMENS, WORDS, network

D, DEPTH = 8, 2
POSITIONS = ("none", "scalar", "one_hot", "learned", "sinusoidal", "relative", "alibi", "alibi_trained", "rope")
HONOUR_ALL = ("transformer", "decoder", "encoder_decoder", "vit", "multi_query", "parallel", "memory_layer", "gau")
STEM_ONLY = ("perceiver", "linear_attention")


def net_of(architecture: str, specimen: str, **levels: object) -> Network:
    net = network(specimen, architecture, **{"width": D, "depth": DEPTH, "heads": 2, **levels})
    assert isinstance(net, Network)
    return net.eval()


def inputs(specimen: str, count: int = 4) -> Tensor:
    x = SPECIMENS[specimen].part(count).inputs
    assert isinstance(x, Tensor)
    return x


def mixers(net: Network, kind: type[nn.Module]) -> list[nn.Module]:
    return [part for part in net.layers.modules() if isinstance(part, kind)]


# Transformer


def test_a_layer_is_torchs_encoder_layer_with_the_same_weights() -> None:
    attention, think = net_of("transformer", "series").layers[0]
    theirs = nn.TransformerEncoderLayer(
        D, 2, dim_feedforward=4 * D, dropout=0.0, activation="gelu", batch_first=True, norm_first=True
    )
    ours = attention.mixer
    theirs.self_attn.in_proj_weight.data = ours.query_key_value.weight
    theirs.self_attn.in_proj_bias.data = ours.query_key_value.bias
    theirs.self_attn.out_proj.load_state_dict(ours.out.state_dict())
    theirs.linear1.load_state_dict(think.mixer.each[0].state_dict())
    theirs.linear2.load_state_dict(think.mixer.each[2].state_dict())
    x = torch.randn(3, 7, D)
    torch.testing.assert_close(think(attention(x)), theirs(x))


@pytest.mark.parametrize("architecture", HONOUR_ALL)
@pytest.mark.parametrize("positions", POSITIONS)
def test_every_level_of_positions_makes_another_network(architecture: str, positions: str) -> None:
    """From the same weights; and its own are learned."""
    net, plain = (net_of(architecture, "series", positions=level) for level in (positions, "none"))
    for part in net.modules():
        if type(part).__name__ == "RelativeBias":
            nn.init.normal_(part.weight)
    x = inputs("series")
    assert net(x).allclose(plain(x), atol=1e-5) == (positions == "none")
    net(x).square().sum().backward()
    assert all(weight.grad is not None and weight.grad.any() for weight in net.parameters())


@pytest.mark.parametrize("architecture", HONOUR_ALL)
@pytest.mark.parametrize(
    ("positions", "weights"), [("relative", 2 * 33), ("alibi", 0), ("alibi_trained", 2), ("rope", 0)]
)
def test_positions_inside_attention_cost_what_they_should(architecture: str, positions: str, weights: int) -> None:
    """A number a head and distance, a slope a head, or none; in every self-attention."""
    ours, plain = (
        sum(p.numel() for p in net_of(architecture, "series", positions=level).parameters())
        for level in (positions, "none")
    )
    layers = 2 * DEPTH if architecture == "encoder_decoder" else DEPTH
    heads = 1 if architecture == "gau" else 2
    assert ours - plain == layers * weights * heads // 2


@pytest.mark.parametrize("architecture", STEM_ONLY)
@pytest.mark.parametrize("positions", POSITIONS)
def test_others_take_positions_of_the_stem_or_say_that_they_cannot(architecture: str, positions: str) -> None:
    if positions in ("relative", "alibi", "alibi_trained", "rope"):
        with pytest.raises(ValueError, match=f"positions '{positions}' act on the scores"):
            net_of(architecture, "series", positions=positions)
    else:
        assert net_of(architecture, "series", positions=positions)(inputs("series")).isfinite().all()


# Decoder


def test_a_decoder_looks_back_whatever_the_task() -> None:
    """Only the last place knows all, so that is the one that is read."""
    net, x = net_of("decoder", "sequence"), inputs("sequence")
    changed = x.clone()
    changed[:, -1] = changed[:, -1] % (WORDS - 1) + 1
    before, after = net.features(x)[0], net.features(changed)[0]
    torch.testing.assert_close(before[:, :-1], after[:, :-1])
    torch.testing.assert_close(net(x), net.head(before[:, -1]))
    assert not torch.isclose(before[:, -1], after[:, -1]).all(-1).any()


def test_nor_does_it_look_ahead_in_a_prefix_as_a_transformer_does() -> None:
    x = inputs("translation")
    changed = x.clone()
    changed[:, 4] = changed[:, 4] % (WORDS - 1) + 1
    for architecture, looks in (("decoder", False), ("transformer", True)):
        net = net_of(architecture, "translation")
        assert (not net(x)[:, :4].allclose(net(changed)[:, :4], atol=1e-5)) == looks


def test_a_padded_example_is_read_at_its_own_last_place() -> None:
    net, x = net_of("decoder", "text"), inputs("text")
    features, places = net.features(x)
    assert places.present is not None
    last = places.present.sum(1) - 1
    torch.testing.assert_close(net(x), net.head(features[torch.arange(len(x)), last]))


# Encoder-decoder


def test_the_first_answer_comes_from_the_end_of_the_prefix() -> None:
    """All of the prefix is seen there, and nothing of what follows; see tests/nn/test_streams.py."""
    net, x, prefix = net_of("encoder_decoder", "translation"), inputs("translation"), 6
    for place in range(LENGTH):
        changed = x.clone()
        changed[:, place] = changed[:, place] % (WORDS - 1) + 1
        moved = (net(changed) - net(x)).abs().amax((0, 2)) > 1e-6
        for answer in range(prefix - 1, LENGTH):
            assert moved[answer] == (place < prefix or place <= answer), (place, answer)


def test_it_is_the_decoder_that_answers_from_there_on() -> None:
    net, x = net_of("encoder_decoder", "translation"), inputs("translation")
    before = net(x)
    (streams,) = mixers(net, Stage)
    nn.init.normal_(streams.decoder[-1][-1].mixer.each[-1].bias)
    moved = (net(x) - before).abs().amax((0, 2)) > 1e-4
    assert moved.tolist() == [False] * 5 + [True] * (LENGTH - 5)


def test_nothing_to_encode_is_refused() -> None:
    task = SPECIMENS["language"].task
    assert catalog.refuses(task, "encoder_decoder") == "encoder_decoder needs a prefix to read before it answers"
    assert catalog.refuses(replace(task, prefix=3), "encoder_decoder") is None
    with pytest.raises(ValueError, match="nothing to encode"):
        net_of("encoder_decoder", "language")


def test_it_has_the_weights_of_two_stacks() -> None:
    """X10. Attention 4 D (D + 1); a decoder layer has two; the MLP 8 D^2 + 5 D; a norm for each, and for the memory."""
    net = net_of("encoder_decoder", "translation", positions="none")
    attention, think, norm = 4 * D * (D + 1), 8 * D * D + 5 * D, 2 * D
    encoder, decoder = attention + think + 2 * norm, 2 * attention + think + 3 * norm
    expected = WORDS * D + DEPTH * (encoder + decoder) + 2 * norm + D * WORDS + WORDS
    assert sum(p.numel() for p in net.parameters()) == expected


# ViT


def test_a_class_token_is_read_and_registers_are_not() -> None:
    net, x = net_of("vit", "image", patch=2), inputs("image")
    features, _ = net.features(x)
    assert features.shape == (4, 1 + REGISTERS + 9, D)
    torch.testing.assert_close(net(x), net.head(features[:, 0]))


def test_patches_in_a_row_are_the_strided_convolution() -> None:
    """C.11.2."""
    stem, x = net_of("vit", "image", patch=3, positions="none").stem, inputs("image")
    project = stem.modes[0].project
    kernel = project.weight.unflatten(1, (3, 3, 2)).movedim(-1, 1)
    expected = nn.functional.conv2d(x.movedim(-1, 1), kernel, project.bias, stride=3)
    torch.testing.assert_close(stem(x)[0], expected.flatten(2).mT)


def test_what_all_examples_share_is_drawn_once() -> None:
    net = net_of("vit", "image")
    (tokens,) = mixers(net, Stage)
    assert tokens.weight.shape == (1 + REGISTERS, D)
    x, _ = tokens(torch.randn(3, 5, D))
    assert x[0, : 1 + REGISTERS].equal(x[2, : 1 + REGISTERS])


# Perceiver


def test_a_perceiver_has_as_many_places_as_latents_whatever_the_length() -> None:
    net = net_of("perceiver", "series")
    features, places = net.features(inputs("series"))
    assert features.shape == (4, LATENTS, D)
    assert places.present is None


@pytest.mark.parametrize("specimen", ["text", "ragged series", "modes"])
def test_a_perceiver_does_not_ask_padding(specimen: str) -> None:
    """Invariant X22."""
    net, x = net_of("perceiver", specimen), SPECIMENS[specimen].part(8).inputs
    shorter = Modes((x.parts[0], x.parts[1][:, :-2])) if isinstance(x, Modes) else x[:, :-2]
    torch.testing.assert_close(net(shorter), net(x))


# Cross-modal


def test_the_sentence_asks_the_image_and_not_the_other_way() -> None:
    net = net_of("cross_modal", "modes")
    image, words = SPECIMENS["modes"].part(4).inputs.parts
    stem, places = net.stem(Modes((image, words)))
    (streams,) = mixers(net, Stage)
    found, ours = streams(stem, places)
    assert found.shape == (4, LENGTH, D)
    assert ours.present.equal(words != 0)
    other = image + torch.randn_like(image)
    assert not net(Modes((other, words))).allclose(net(Modes((image, words))), atol=1e-4)
    encoded = streams.encoder
    assert not [part for layer in encoded for part in layer if type(part.mixer).__name__ == "CrossAttention"]


# Parallel blocks


def test_a_parallel_block_adds_what_both_say_of_the_same_features() -> None:
    """x + MHA(norm(x)) + MLP(norm(x))."""
    (block,) = net_of("parallel", "series").layers[0]
    attention, think = block.mixer.mixers
    x = torch.randn(2, 5, D)
    torch.testing.assert_close(block(x), x + attention(block.norm(x)) + think(block.norm(x)))


# AFT


def by_pairs(mixer: AttentionFree, x: Tensor, allowed: Tensor) -> Tensor:
    """E.13.24-25, place by place and pair by pair."""
    q, k, v = mixer.query_key_value(x).chunk(3, -1)
    answers = []
    for i in range(x.shape[1]):
        seen = [j for j in range(x.shape[1]) if allowed[i, j]]
        weights = [(k[:, j] + mixer.pairs[i, j]).exp() for j in seen]
        mean = sum(w * v[:, j] for w, j in zip(weights, seen, strict=True)) / sum(weights)
        answers.append(q[:, i].sigmoid() * mean)
    return mixer.out(torch.stack(answers, 1))


@pytest.mark.parametrize("places", [Places(), Places(causal=True), Places(causal=True, prefix=3)])
def test_attention_free_is_its_formula(places: Places) -> None:
    mixer, x = AttentionFree(D, places=9), torch.randn(2, 6, D)
    nn.init.normal_(mixer.pairs)
    allowed = places.may_look(6)
    torch.testing.assert_close(mixer(x, places), by_pairs(mixer, x, torch.ones(6, 6) if allowed is None else allowed))


def test_attention_free_takes_large_keys() -> None:
    mixer, x = AttentionFree(D, places=6), 1e3 * torch.randn(2, 6, D)
    assert mixer(x).isfinite().all()


# RWKV


def test_the_fading_mean_is_its_formula() -> None:
    """wkv_i = (sum_{j<i} e^{k_j - (i-1-j) w} v_j + e^{u + k_i} v_i) / (the same without v)."""
    mean = Fading(D).double()
    k, v = torch.randn(2, 2, 7, D, dtype=torch.float64)
    w = mean.decay.exp()
    for i, answer in enumerate(mean(k, v).unbind(1)):
        weights = [(k[:, j] - (i - 1 - j) * w).exp() for j in range(i)] + [(mean.bonus + k[:, i]).exp()]
        expected = sum(weight * v[:, j] for j, weight in enumerate(weights)) / sum(weights)
        torch.testing.assert_close(answer, expected)


def test_all_places_at_once_are_the_published_recurrence() -> None:
    """a_i = e^{-w} a_{i-1} + e^{k_i} v_i, b_i likewise: a state of two numbers a feature."""
    mean, (k, v) = Fading(D), torch.randn(2, 2, 30, D)
    a, b, w = torch.zeros(2, D), torch.zeros(2, D), mean.decay.exp()
    for i, answer in enumerate(mean(k, v).unbind(1)):
        now = (mean.bonus + k[:, i]).exp()
        torch.testing.assert_close(answer, (a + now * v[:, i]) / (b + now), atol=1e-5, rtol=1e-4)
        a, b = (-w).exp() * a + k[:, i].exp() * v[:, i], (-w).exp() * b + k[:, i].exp()


@pytest.mark.parametrize("size", [100.0, 1000.0])
def test_the_fading_mean_takes_large_keys(size: float) -> None:
    """Their exponentials overflow, or leave nothing of the early ones, where none is put in relation to the largest."""
    mean, (k, v) = Fading(D), torch.randn(2, 2, 30, D)
    found = mean(size * k, v)
    assert found.isfinite().all()
    assert found.abs().amax() <= v.abs().amax() + 1e-5, "a mean"
    torch.testing.assert_close(found[:, :9], mean(size * k[:, :9], v[:, :9]))


def test_the_time_mix_is_its_formula() -> None:
    mixer, x = TimeMix(D), torch.randn(2, 6, D)
    before = torch.cat([torch.zeros(2, 1, D), x[:, :-1]], 1)
    shares = [blend.share for blend in mixer.blends]
    r, k, v = (linear(share * x + (1 - share) * before) for linear, share in zip(mixer.maps, shares, strict=True))
    torch.testing.assert_close(mixer(x), mixer.out(r.sigmoid() * mixer.fading(k, v)))


def test_the_channel_mix_is_its_formula() -> None:
    """And sees one place back, by token shift."""
    mixer, x = ChannelMix(D), torch.randn(1, 6, D, requires_grad=True)
    before = torch.cat([torch.zeros(1, 1, D), x[:, :-1]], 1)
    share, key = mixer.blend_gate.share, mixer.blend_key.share
    gate = mixer.gate(share * x + (1 - share) * before).sigmoid()
    expected = gate * mixer.value(mixer.key(key * x + (1 - key) * before).relu() ** 2)
    found = mixer(x)
    torch.testing.assert_close(found, expected)
    (seen,) = torch.autograd.grad(found[0, 4].sum(), x)
    assert seen[0].abs().sum(-1).nonzero().flatten().tolist() == [3, 4]


def test_rwkv_starts_as_published() -> None:
    mean = Fading(9)
    assert mean.decay.tolist() == [-5, -4, -3, -2, -1, 0, 1, 2, 3]
    assert mean.bonus.exp().allclose(torch.tensor(0.3))


# Memory layers and gated attention


def test_a_memory_layer_is_attention_to_what_is_learned() -> None:
    """E.11.2."""
    mixer, x = Memory(D, slots=5), torch.randn(2, 4, D)
    keys, values = (part.expand(2, -1, -1) for part in (mixer.keys, mixer.values))
    torch.testing.assert_close(mixer(x), nn.functional.scaled_dot_product_attention(x, keys, values))


def test_with_another_nonlinearity_it_is_an_mlp(monkeypatch: pytest.MonkeyPatch) -> None:
    """E.11.3: without biases, the keys as weights in, the values as weights out."""
    mixer, x = Memory(D, slots=5), torch.randn(2, 4, D)
    first, second = nn.Linear(D, 5, bias=False), nn.Linear(5, D, bias=False)
    first.weight.data, second.weight.data = mixer.keys / math.sqrt(D), mixer.values.T
    monkeypatch.setattr(Tensor, "softmax", lambda scores, _: scores.relu())
    torch.testing.assert_close(mixer(x), second(first(x).relu()))


def test_gated_attention_is_its_formula() -> None:
    mixer = GatedAttention(D, shared=4, activation="silu", positions="none")
    nn.init.normal_(mixer.scale)
    nn.init.normal_(mixer.shift)
    x = torch.randn(2, 6, D)
    u, v, z = (nn.functional.silu(part[0](x)) for part in (mixer.gate, mixer.value, mixer.shared))
    q, k = z * mixer.scale[0] + mixer.shift[0], z * mixer.scale[1] + mixer.shift[1]
    weights = (q @ k.mT / 2).relu() ** 2 / 6
    torch.testing.assert_close(mixer(x), mixer.out(u * (weights @ v)))
    causal = weights.tril() * 6 / torch.arange(1, 7)[:, None]
    torch.testing.assert_close(mixer(x, Places(causal=True)), mixer.out(u * (causal @ v)))


# Weights


@pytest.mark.parametrize(
    ("architecture", "layer", "once"),
    [
        ("transformer", 12 * D * D + 9 * D, 0),
        ("decoder", 12 * D * D + 9 * D, 0),
        ("parallel", 12 * D * D + 9 * D, 0),
        ("linear_attention", 12 * D * D + 9 * D, 0),
        ("multi_query", 11 * D * D + 8 * D, 0),  # with two heads, keys and values are D features together
        ("memory_layer", 4 * D * D + 4 * D + 8 * D * D, 0),
        ("aft", 12 * D * D + 9 * D + LENGTH**2, 0),
        ("rwkv", 4 * D * D + 3 * D + 2 * D + D * D + 8 * D * D + 2 * D, 0),
        ("vit", 12 * D * D + 9 * D, (1 + REGISTERS) * D),
        ("perceiver", 12 * D * D + 9 * D, LATENTS * D + 4 * D * (D + 1)),
    ],
)
def test_weights_are_counted_by_the_formula(architecture: str, layer: int, once: int) -> None:
    """Invariant X10."""
    net = net_of(architecture, "series", norm="none", positions="none")
    stem, head = 2 * D + D, D * CLASSES + CLASSES
    assert sum(p.numel() for p in net.parameters()) == stem + DEPTH * layer + once + head


@pytest.mark.parametrize(
    "architecture", ["transformer", "decoder", "vit", "encoder_decoder", "multi_query", "perceiver"]
)
def test_heads_are_those_of_the_size(architecture: str) -> None:
    net = net_of(architecture, "series", heads=4)
    asked = [part for part in net.modules() if hasattr(part, "heads")]
    assert asked
    assert {part.heads for part in asked} == {4}
    with pytest.raises(ValueError, match="width 8 is not a multiple of 3 heads"):
        net_of(architecture, "series", heads=3)
    assert mixers(net, Sublayer)
    assert isinstance(asked[0], nn.Module)


def test_one_attention_does_not_know_of_another() -> None:
    """Each layer has its own bias."""
    net = net_of("transformer", "series", positions="relative")
    biases = [part.bias for part in mixers(net, SelfAttention)]
    assert len({id(part) for part in biases}) == DEPTH
