"""X15 (section 13.1): causal linear attention is a recurrence, whose state has one size whatever the length.

Axes: B batch, H heads, L places, K features per head.
"""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor
from torch.utils.flop_counter import FlopCounterMode

from suite.nn.linear_attention import LinearAttention, causal, everywhere, phi
from suite.nn.places import Places

B, H, K = 2, 3, 4


def drawn(length: int) -> tuple[Tensor, Tensor, Tensor]:
    q, k, v = torch.randn(3, B, H, length, K)
    return phi(q), phi(k), v


def recurrent(q: Tensor, k: Tensor, v: Tensor) -> tuple[Tensor, int]:
    """S_i = S_{i-1} + phi(k_i) v_i^T, z_i = z_{i-1} + phi(k_i), h_i = phi(q_i) S_i / phi(q_i) z_i; and numbers kept."""
    s, z, answers = torch.zeros(B, H, K, K), torch.zeros(B, H, K), []
    for q_i, k_i, v_i in zip(q.unbind(2), k.unbind(2), v.unbind(2), strict=True):
        s = s + k_i[..., :, None] * v_i[..., None, :]
        z = z + k_i
        answers.append((q_i[..., None, :] @ s)[..., 0, :] / (q_i * z).sum(-1, keepdim=True))
    return torch.stack(answers, 2), s[0, 0].numel() + z[0, 0].numel()


@pytest.mark.parametrize("length", [1, 5, 32, 100])
def test_all_places_at_once_are_one_after_the_other(length: int) -> None:
    q, k, v = drawn(length)
    expected, state = recurrent(q, k, v)
    torch.testing.assert_close(causal(q, k, v), expected, atol=1e-5, rtol=0)
    assert state == K * K + K


def test_the_last_place_sees_what_all_see_without_order() -> None:
    q, k, v = drawn(50)
    torch.testing.assert_close(causal(q, k, v)[:, :, -1], everywhere(q, k, v)[:, :, -1], atol=1e-5, rtol=0)


def test_it_pays_off_for_long_rows_and_not_for_short_ones() -> None:
    """The slip S9 put right: n K^2 products in place of n^2 K are fewer where n is well above K, not below K^2."""

    def flops(compute: Callable[..., Tensor], length: int) -> int:
        with FlopCounterMode(display=False) as counter:
            compute(*drawn(length))
        return counter.get_total_flops()

    def everyone_with_everyone(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        return (q @ k.mT).tril() @ v

    for length, cheaper in ((K // 2, False), (100 * K, True)):
        assert (flops(causal, length) < flops(everyone_with_everyone, length)) == cheaper


def test_gradients_are_those_of_the_recurrence() -> None:
    q, k, v = (x.requires_grad_() for x in drawn(40))
    ours = torch.autograd.grad(causal(q, k, v).square().sum(), (q, k, v))
    theirs = torch.autograd.grad(recurrent(q, k, v)[0].square().sum(), (q, k, v))
    torch.testing.assert_close(ours, theirs, atol=1e-4, rtol=1e-4)


def test_the_mixer_is_its_recurrence() -> None:
    mixer, x = LinearAttention(H * K, heads=H), torch.randn(B, 37, H * K)
    q, k, v = mixer.query_key_value(x).unflatten(-1, (3, H, K)).permute(2, 0, 3, 1, 4)
    expected = mixer.out(recurrent(phi(q), phi(k), v)[0].transpose(1, 2).flatten(-2))
    torch.testing.assert_close(mixer(x, Places(causal=True)), expected, atol=1e-5, rtol=0)
