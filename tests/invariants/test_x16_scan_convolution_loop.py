"""X16 (section 13.3): the recurrent, the convolutional and the scanned view of a state-space model are one function.

The scan needs no constant transition: against the text of section 13.4.3, a selective model scans in parallel too.
"""

import math

import pytest
import torch
from torch import Tensor

from suite.architectures.mamba import Selective
from suite.nn.long_convolution import long_convolution
from suite.nn.scan import levels, scan

B, D, N = 3, 4, 5
LENGTHS = [1, 2, 7, 64, 100]

each_length = pytest.mark.parametrize("length", LENGTHS)


def loop(a_BLN: Tensor, b_BLN: Tensor) -> Tensor:
    state, states = torch.zeros_like(b_BLN[:, 0]), []
    for factor, added in zip(a_BLN.unbind(1), b_BLN.unbind(1), strict=True):
        state = factor * state + added
        states.append(state)
    return torch.stack(states, 1)


def hillis_and_steele(a_BLN: Tensor, b_BLN: Tensor) -> tuple[Tensor, int]:
    """The shallowest scan: every place is joined with the one 1, 2, 4, ... before it. Also how many levels it took."""
    span, depth = 1, 0
    while span < b_BLN.shape[1]:
        b_BLN = torch.cat([b_BLN[:, :span], b_BLN[:, span:] + a_BLN[:, span:] * b_BLN[:, :-span]], 1)
        a_BLN = torch.cat([a_BLN[:, :span], a_BLN[:, span:] * a_BLN[:, :-span]], 1)
        span, depth = 2 * span, depth + 1
    return b_BLN, depth


@each_length
def test_a_diagonal_model_in_three_views(length: int) -> None:
    """s_i = a s_{i-1} + B x_i, y_i = Re(C s_i), with complex a inside the unit circle."""
    draw = torch.Generator().manual_seed(0)
    x_BLD = torch.randn(B, length, D, generator=draw, dtype=torch.float64)
    modulus, angle = torch.rand(2, N, generator=draw, dtype=torch.float64)
    a_N = torch.polar(modulus, 2 * math.pi * angle)
    take_DN = torch.randn(D, N, generator=draw, dtype=torch.complex128)
    give_N = torch.randn(N, generator=draw, dtype=torch.complex128)

    added_BLN = x_BLD.to(take_DN) @ take_DN
    scanned = (scan(a_N, added_BLN) @ give_N).real
    looped = (loop(a_N.expand_as(added_BLN), added_BLN) @ give_N).real
    powers_LN = a_N ** torch.arange(length)[:, None]
    kernel_LD = ((powers_LN * give_N) @ take_DN.T).real
    convolved = long_convolution(x_BLD, kernel_LD).sum(-1)

    torch.testing.assert_close(scanned, looped, rtol=1e-9, atol=1e-9)
    torch.testing.assert_close(convolved, looped, rtol=1e-9, atol=1e-9)


@each_length
def test_a_selective_model_scans_as_well(length: int) -> None:
    """Slip S13: with transitions that depend on the input the same associative operator applies."""
    torch.manual_seed(0)
    model = Selective(D)
    factor, added, _ = model.chosen(torch.randn(B, length, D))
    assert length == 1 or not factor[:, 1:].allclose(factor[:, :-1]), "the transition does depend on the input"
    flat = factor.flatten(2), added.flatten(2)
    torch.testing.assert_close(scan(factor, added).flatten(2), loop(*flat), rtol=1e-5, atol=1e-5)
    torch.testing.assert_close(hillis_and_steele(*flat)[0], loop(*flat), rtol=1e-5, atol=1e-5)


def test_joining_maps_is_associative() -> None:
    """(a, b) then (a', b') is (a' a, a' b + b'), in any bracketing: what a parallel scan rests on."""

    def then(first: tuple[Tensor, Tensor], second: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
        return second[0] * first[0], second[0] * first[1] + second[1]

    f, g, h = (tuple(torch.randn(2, 10, dtype=torch.float64)) for _ in range(3))
    torch.testing.assert_close(then(then(f, g), h), then(f, then(g, h)))


@pytest.mark.parametrize("length", [1, 2, 3, 4, 5, 8, 9, 64, 100, 1000])
def test_the_shallowest_scan_has_log_n_levels_and_ours_fewer_than_twice_that(length: int) -> None:
    """Ours joins every place with at most two others, and is deeper for it."""
    a, b = torch.rand(1, length, 1, dtype=torch.float64), torch.randn(1, length, 1, dtype=torch.float64)
    states, depth = hillis_and_steele(a, b)
    torch.testing.assert_close(states, loop(a, b))
    assert depth == math.ceil(math.log2(length))
    assert len(list(levels(length))) <= max(0, 2 * depth - 1)
