"""X14 (section 11.2.3): with keys and values kept, decoding is the full computation; what is kept grows linearly."""

import pytest
import torch

from suite.decoding import Cache, predictor
from suite.nn.network import Network
from tests.specimens import LENGTH, WORDS, network

WIDTH, DEPTH, HEADS, BATCH, FLOAT = 16, 3, 4, 5, 4
POSITIONS = ("none", "scalar", "one_hot", "learned", "sinusoidal", "relative", "alibi", "alibi_trained", "rope")


def model(architecture: str, specimen: str = "language", **levels: object) -> Network:
    net = network(specimen, architecture, width=WIDTH, depth=DEPTH, heads=HEADS, **levels)
    assert isinstance(net, Network)
    return net.eval()


def words() -> torch.Tensor:
    return torch.randint(1, WORDS, (BATCH, LENGTH))


@pytest.mark.parametrize("architecture", ["transformer", "decoder", "multi_query", "parallel"])
@pytest.mark.parametrize("positions", POSITIONS)
def test_each_step_is_the_full_computation(architecture: str, positions: str) -> None:
    net, tokens = model(architecture, positions=positions), words()
    cached, full = Cache(net), predictor(net)
    for length in range(1, LENGTH + 1):
        torch.testing.assert_close(cached(tokens[:, :length]), full(tokens[:, :length]), atol=1e-5, rtol=0)


@pytest.mark.parametrize("first", [6, 9])
def test_a_prefix_is_taken_as_a_whole(first: int) -> None:
    net, tokens = model("transformer", "translation"), words()
    cached, full = Cache(net), predictor(net)
    for length in range(first, LENGTH + 1):
        torch.testing.assert_close(cached(tokens[:, :length]), full(tokens[:, :length]), atol=1e-5, rtol=0)


@pytest.mark.parametrize(("architecture", "kept"), [("transformer", WIDTH), ("multi_query", WIDTH // HEADS)])
def test_what_is_kept_is_a_key_and_a_value_for_each_place_and_layer(architecture: str, kept: int) -> None:
    """2 n L d numbers; multi-query attention keeps those of one head."""
    cached, tokens = Cache(model(architecture)), words()
    assert cached.bytes == 0
    for length in range(1, LENGTH + 1):
        cached(tokens[:, :length])
        assert cached.bytes == FLOAT * BATCH * 2 * length * DEPTH * kept


def test_a_step_computes_only_what_is_new() -> None:
    net, tokens, seen = model("transformer"), words(), list[int]()
    cached = Cache(net)
    for part in net.layers.modules():
        if type(part).__name__ == "SelfAttention":
            part.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0].shape[1]))
    for length in (4, 5, 6):
        cached(tokens[:, :length])
    assert seen == [4] * DEPTH + [1] * DEPTH + [1] * DEPTH
