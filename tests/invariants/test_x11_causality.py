"""X11 (sections 8.3.2, 11.1.1): a causal layer's answers do not change with what comes later.

The mask belongs inside the softmax, added to the scores, with -inf where j > i. The slip S3 put right: a product of
scores and mask, with -inf where i > j, hides the past, and lets pass what has a negative score. And a mask outside the
softmax leaks, because every place's weights are divided by a sum over all.
"""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from suite.architectures.aft import AttentionFree
from suite.architectures.rwkv import ChannelMix, TimeMix
from suite.nn.attention import MultiQueryAttention, SelfAttention
from suite.nn.block import Mixer
from suite.nn.linear_attention import LinearAttention
from suite.nn.places import Places

L, D, MIDDLE = 40, 8, 21  # longer than a block of linear attention
MIXERS: dict[str, Callable[[], Mixer]] = {
    "self-attention": lambda: SelfAttention(D, heads=2),
    "relative": lambda: SelfAttention(D, heads=2, positions="relative"),
    "alibi": lambda: SelfAttention(D, heads=2, positions="alibi"),
    "rope": lambda: SelfAttention(D, heads=2, positions="rope"),
    "multi-query": lambda: MultiQueryAttention(D, heads=2),
    "linear": lambda: LinearAttention(D, heads=2),
    "attention-free": lambda: AttentionFree(D, places=L),
    "time mix": lambda: TimeMix(D),
    "channel mix": lambda: ChannelMix(D),
}


def changed(x: Tensor) -> Tensor:
    """Other places from the middle on."""
    return torch.cat([x[:, :MIDDLE], torch.randn_like(x[:, MIDDLE:])], 1)


@pytest.mark.parametrize("name", list(MIXERS))
@pytest.mark.parametrize("prefix", [0, 7])
def test_what_comes_later_changes_nothing(name: str, prefix: int) -> None:
    mixer, x, places = MIXERS[name](), torch.randn(2, L, D), Places(causal=True, prefix=prefix)
    before, after = mixer(x, places), mixer(changed(x), places)
    torch.testing.assert_close(before[:, :MIDDLE], after[:, :MIDDLE])
    assert not torch.isclose(before[:, MIDDLE:], after[:, MIDDLE:]).all(-1).any()


@pytest.mark.parametrize("name", [name for name in MIXERS if "mix" not in name])
def test_without_the_mask_it_does(name: str) -> None:
    mixer, x = MIXERS[name](), torch.randn(2, L, D)
    assert (mixer(x) - mixer(changed(x)))[:, :MIDDLE].abs().amax(-1).min() > 1e-5


@pytest.mark.parametrize("name", [name for name in MIXERS if "mix" not in name])
def test_a_prefix_is_seen_as_a_whole(name: str) -> None:
    mixer, x = MIXERS[name](), torch.randn(1, L, D, requires_grad=True)
    (seen,) = torch.autograd.grad(mixer(x, Places(causal=True, prefix=5))[0, 0].sum(), x)
    assert seen[0].abs().sum(-1).nonzero().flatten().tolist() == [0, 1, 2, 3, 4]


# One head by hand, with the mask in three places


def inside(scores_LL: Tensor, later_LL: Tensor) -> Tensor:
    return scores_LL.masked_fill(later_LL, -torch.inf).softmax(-1)


def outside(scores_LL: Tensor, later_LL: Tensor) -> Tensor:
    return scores_LL.softmax(-1).masked_fill(later_LL, 0)


def as_printed(scores_LL: Tensor, later_LL: Tensor) -> Tensor:
    return scores_LL.where(~later_LL.T, scores_LL * -torch.inf).softmax(-1)


def first_answer_moves(weights: Callable[[Tensor, Tensor], Tensor], length: int = 6) -> float:
    """How much the first half's answers change with the last place."""
    projections, x = nn.Linear(D, 3 * D), torch.randn(length, D)
    other = torch.cat([x[:-1], torch.randn(1, D)])
    later_LL = torch.ones(length, length, dtype=torch.bool).triu(1)

    def answers(x_LD: Tensor) -> Tensor:
        q, k, v = projections(x_LD).chunk(3, -1)
        return (weights(q @ k.T, later_LL) @ v)[: length // 2]

    return (answers(x) - answers(other)).abs().max().item()


def test_a_mask_inside_the_softmax_keeps_the_future_out() -> None:
    assert first_answer_moves(inside) == 0


def test_a_mask_outside_the_softmax_leaks() -> None:
    """Through the denominator."""
    assert first_answer_moves(outside) > 1e-4


def test_the_printed_mask_hides_the_past_and_passes_negative_scores() -> None:
    scores, later = torch.tensor([[1.0, 1.0], [1.0, 1.0]]), torch.ones(2, 2, dtype=torch.bool).triu(1)
    assert as_printed(scores, later).tolist() == [[0.5, 0.5], [0.0, 1.0]], "the first looks ahead, the last not back"
    negative = as_printed(-scores, later)
    assert negative[1].isnan().any(), "minus one times minus infinity is plus infinity"
