"""X13 (section 11.2.2, E.11.4-8): attention from keys in chunks, never holding all scores, is attention.

The slip S8 put right: it is not enough to carry the sum of exponentials along. Without their running maximum the sum
overflows for scores above 88.7, the logarithm of the largest float32 (Milakov and Gimelshein 2018; Dao 2023).

Axes: L places that ask, M places that are asked, K features.
"""

import math

import pytest
import torch
from torch import Tensor
from torch.nn import functional

CHUNK = 4


def online(q_LK: Tensor, k_MK: Tensor, v_MK: Tensor) -> Tensor:
    """Sums over the chunks so far as multiples of exp(top), put right whenever the top rises."""
    top_L1 = torch.full((len(q_LK), 1), -torch.inf)
    total_L1, sum_LK = torch.zeros(len(q_LK), 1), torch.zeros(len(q_LK), v_MK.shape[1])
    for k, v in zip(k_MK.split(CHUNK), v_MK.split(CHUNK), strict=True):
        scores = q_LK @ k.T / math.sqrt(q_LK.shape[1])
        higher = torch.maximum(top_L1, scores.amax(1, keepdim=True))
        weight, shrink = (scores - higher).exp(), (top_L1 - higher).exp()
        total_L1 = shrink * total_L1 + weight.sum(1, keepdim=True)
        sum_LK = shrink * sum_LK + weight @ v
        top_L1 = higher
    return sum_LK / total_L1


def as_printed(q_LK: Tensor, k_MK: Tensor, v_MK: Tensor) -> Tensor:
    """The same without the top."""
    total_L1, sum_LK = torch.zeros(len(q_LK), 1), torch.zeros(len(q_LK), v_MK.shape[1])
    for k, v in zip(k_MK.split(CHUNK), v_MK.split(CHUNK), strict=True):
        weight = (q_LK @ k.T / math.sqrt(q_LK.shape[1])).exp()
        total_L1 = total_L1 + weight.sum(1, keepdim=True)
        sum_LK = sum_LK + weight @ v
    return sum_LK / total_L1


def drawn(scale: float) -> tuple[Tensor, Tensor, Tensor]:
    q, k, v = torch.randn(5, 8), torch.randn(18, 8), torch.randn(18, 8)
    return q * scale, k, v


@pytest.mark.parametrize("scale", [0.0, 1.0, 30.0, 1000.0])
def test_chunks_give_what_all_at_once_give(scale: float) -> None:
    q, k, v = drawn(scale)
    torch.testing.assert_close(online(q, k, v), (q @ k.T / 8**0.5).softmax(-1) @ v, atol=1e-6, rtol=1e-5)
    torch.testing.assert_close(online(q, k, v), functional.scaled_dot_product_attention(q, k, v), atol=1e-6, rtol=1e-5)


def test_without_the_running_maximum_it_is_right_for_small_scores() -> None:
    q, k, v = drawn(1.0)
    torch.testing.assert_close(as_printed(q, k, v), online(q, k, v), atol=1e-6, rtol=1e-5)


@pytest.mark.parametrize(("score", "finite"), [(88.0, True), (89.0, False)])
def test_and_overflows_at_the_logarithm_of_the_largest_number(score: float, finite: bool) -> None:
    """log(3.4e38) = 88.72."""
    assert 88 < math.log(torch.finfo(torch.float32).max) < 89
    q, k, v = torch.tensor([[score]]), torch.ones(1, 1), torch.full((1, 1), 0.5)
    assert bool(as_printed(q, k, v).isfinite().all()) == finite
    assert online(q, k, v).item() == 0.5


def test_scores_that_rise_and_fall_are_put_right_on_the_way() -> None:
    """The largest in the first chunk, in the last, and in between."""
    for place in (0, 9, 17):
        q, k, v = drawn(1.0)
        k[place] *= 100
        torch.testing.assert_close(online(q, k, v), (q @ k.T / 8**0.5).softmax(-1) @ v, atol=1e-6, rtol=1e-5)
