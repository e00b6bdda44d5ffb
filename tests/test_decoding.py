"""Decoding finds what it should on a chain whose every sentence can be listed, and kept keys change nothing."""

from itertools import pairwise, product

import pytest
import torch
from torch import Tensor

from suite.decoding import Cache, Predict, beam_search, generate, greedy, predictor, sampled
from suite.nn.network import Network
from tests.specimens import LENGTH, SPECIMENS, WORDS, network

# A Markov chain, where the likeliest first step leads to where nothing is likely: from 0 to 1 (0.5), 2 (0.4), 3 (0.1).
CHAIN = torch.tensor(
    [
        [0.00, 0.50, 0.40, 0.10],
        [0.28, 0.24, 0.24, 0.24],
        [0.00, 0.05, 0.90, 0.05],
        [0.10, 0.20, 0.30, 0.40],
    ]
)
START = torch.tensor([0])


def chain(tokens_BL: Tensor) -> Tensor:
    return CHAIN[tokens_BL[:, -1]].log()


def log_p(sentence: tuple[int, ...]) -> float:
    return sum(CHAIN[a, b].log().item() for a, b in pairwise(sentence))


def sentences(tokens: int) -> list[tuple[int, ...]]:
    """All that begin with 0, the likeliest first."""
    return sorted(((0, *rest) for rest in product(range(4), repeat=tokens)), key=log_p, reverse=True)


# Greedy and beam search


def test_the_likeliest_token_each_time_is_not_the_likeliest_sentence() -> None:
    """Section 8.4.2: 0.5 * 0.28 * 0.5 < 0.4 * 0.9 * 0.9."""
    found = tuple(generate(chain, START[None], 3)[0].tolist())
    best, *_ = sentences(3)
    assert best == (0, 2, 2, 2)
    assert found[1] == 1
    assert log_p(found) < log_p(best) - 1


@pytest.mark.parametrize("tokens", [1, 2, 3, 5])
def test_two_beams_find_the_likeliest_sentence(tokens: int) -> None:
    found, scores = beam_search(chain, START, tokens, beams=2)
    best, *_ = sentences(tokens)
    assert tuple(found[0].tolist()) == best
    assert scores[0].item() == pytest.approx(log_p(best), abs=1e-5)


@pytest.mark.parametrize("tokens", [1, 2, 4])
def test_one_beam_is_greedy(tokens: int) -> None:
    found, _ = beam_search(chain, START, tokens, beams=1)
    assert found.equal(generate(chain, START[None], tokens))


def test_as_many_beams_as_sentences_find_them_all_in_order() -> None:
    found, scores = beam_search(chain, START, 3, beams=4**3)
    expected = sentences(3)
    assert len(set(map(tuple, found.tolist()))) == len(expected)
    torch.testing.assert_close(scores, torch.tensor([log_p(sentence) for sentence in expected]))


def test_more_beams_find_nothing_worse() -> None:
    torch.manual_seed(3)
    chains = torch.randn(20, 6, 6).mul(2).log_softmax(-1)
    gained = 0
    for table in chains:

        def predict(tokens_BL: Tensor, table: Tensor = table) -> Tensor:
            return table[tokens_BL[:, -1]]

        best = [beam_search(predict, START, 6, beams)[1][0].item() for beams in (1, 4, 36)]
        gained += best[1] > best[0] + 1e-6
        assert best[0] <= best[1] + 1e-6
        assert best[1] <= best[2] + 1e-6
    assert gained > 5


# Sampling


def test_samples_are_as_frequent_as_the_chain_says() -> None:
    """Ancestral sampling draws whole sentences with their probability."""
    drawn = generate(chain, START.expand(20000, 1), 2, sampled(1.0, torch.Generator().manual_seed(0)))
    for sentence in ((0, 2, 2), (0, 1, 0), (0, 3, 3)):
        share = (drawn == torch.tensor(sentence)).all(1).double().mean().item()
        assert share == pytest.approx(torch.tensor(log_p(sentence)).exp().item(), abs=0.01)
    assert not (drawn[:, 1] == 0).any(), "what is impossible is never said"


def test_temperature_sharpens_and_flattens() -> None:
    logits = torch.tensor([0.5, 0.3, 0.2]).log().expand(30000, 3)
    for temperature in (0.5, 1.0, 2.0):
        drawn = sampled(temperature, torch.Generator().manual_seed(1))(logits)
        expected = torch.tensor([0.5, 0.3, 0.2]) ** (1 / temperature)
        torch.testing.assert_close(drawn.bincount() / 30000, expected / expected.sum(), atol=0.01, rtol=0)
    assert not sampled(0.01, torch.Generator().manual_seed(1))(logits).any(), "greedy in the limit"


def test_the_same_generator_says_the_same() -> None:
    once, again = (
        generate(chain, START.expand(9, 1), 5, sampled(1.0, torch.Generator().manual_seed(7))) for _ in range(2)
    )
    assert once.equal(again)


# With a network


def language_model(architecture: str, specimen: str = "language", **levels: object) -> Network:
    net = network(specimen, architecture, **levels)
    assert isinstance(net, Network)
    return net.eval()


def test_a_network_speaks() -> None:
    net = language_model("transformer")
    start = torch.randint(1, WORDS, (3, 2))
    said = generate(predictor(net), start, LENGTH - 2)
    assert said.shape == (3, LENGTH)
    assert said[:, :2].equal(start)
    logits = net(said)
    assert said[:, 2:].equal(greedy(logits[:, 1:-1]))


@pytest.mark.parametrize("architecture", ["transformer", "decoder", "multi_query", "parallel"])
def test_it_says_the_same_with_kept_keys(architecture: str) -> None:
    net = language_model(architecture)
    predict: Predict = Cache(net)
    start = torch.randint(1, WORDS, (3, 2))
    assert generate(predict, start, 10).equal(generate(predictor(net), start, 10))


@pytest.mark.parametrize(
    ("architecture", "specimen"), [("gru", "language"), ("linear_attention", "language"), ("transformer", "tags")]
)
def test_where_keys_cannot_be_kept_that_is_said(architecture: str, specimen: str) -> None:
    assert SPECIMENS[specimen].task.vocabulary
    with pytest.raises(ValueError, match="keys are kept for a causal task"):
        Cache(language_model(architecture, specimen))
