"""The parallel scan gives what the loop gives, values and gradients, level by level and in no other order."""

import math

import pytest
import torch
from torch import Tensor
from torch.autograd import gradcheck, gradgradcheck

from suite.nn import scan as module
from suite.nn.scan import levels, scan

LENGTHS = [1, 2, 3, 7, 8, 9, 31, 32, 33, 100]
KINDS = [torch.float64, torch.complex128]

each_kind = pytest.mark.parametrize("dtype", KINDS)


def loop(a: Tensor, b: Tensor) -> Tensor:
    state, states = torch.zeros_like(b[:, 0]), []
    for factor, added in zip(a.unbind(1), b.unbind(1), strict=True):
        state = factor * state + added
        states.append(state)
    return torch.stack(states, 1)


def numbers(*shape: int, dtype: torch.dtype = torch.float64, seed: int = 0) -> Tensor:
    return torch.randn(*shape, dtype=dtype, generator=torch.Generator().manual_seed(seed))


@each_kind
@pytest.mark.parametrize("length", LENGTHS)
def test_it_is_the_loop(length: int, dtype: torch.dtype) -> None:
    a, b = numbers(3, length, 2, dtype=dtype), numbers(3, length, 2, dtype=dtype, seed=1)
    torch.testing.assert_close(scan(a, b), loop(a, b))


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # torch's own forward mode starts up with one
@each_kind
@pytest.mark.parametrize("length", [1, 2, 5, 8])
def test_its_gradients_are_right_and_so_are_theirs(length: int, dtype: torch.dtype) -> None:
    a, b = (numbers(2, length, 2, dtype=dtype, seed=s).requires_grad_() for s in (0, 1))
    assert gradcheck(scan, (a, b), check_forward_ad=True)  # backward and forward mode
    assert gradgradcheck(scan, (a, b))


def test_a_factor_may_be_shared() -> None:
    a, b = numbers(2, dtype=torch.complex128).requires_grad_(), numbers(4, 9, 2, dtype=torch.complex128, seed=1)
    torch.testing.assert_close(scan(a, b), loop(a.expand_as(b), b))
    assert gradcheck(lambda a: scan(a, b), (a,))


def test_known_answers() -> None:
    ones = torch.ones(1, 6, 1)
    assert scan(ones, ones).flatten().tolist() == [1, 2, 3, 4, 5, 6]
    assert scan(2 * ones, ones).flatten().tolist() == [1, 3, 7, 15, 31, 63]
    assert scan(0 * ones, 5 * ones).flatten().tolist() == [5] * 6
    assert scan(-ones, ones).flatten().tolist() == [1, 0, 1, 0, 1, 0]


def test_inputs_stay_as_they_are() -> None:
    a, b = numbers(2, 8, 3), numbers(2, 8, 3, seed=1)
    before = a.clone(), b.clone()
    scan(a, b)
    assert a.equal(before[0])
    assert b.equal(before[1])


@pytest.mark.parametrize("block", [1, 24, 10**9])
def test_blocks_of_examples_change_no_bit(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = numbers(5, 8, 3), numbers(5, 8, 3, seed=1)
    expected = scan(a, b)
    monkeypatch.setattr(module, "BLOCK", block)
    assert scan(a, b).equal(expected)


@pytest.mark.parametrize("length", range(1, 130))
def test_the_places_of_a_level_are_independent(length: int) -> None:
    """Nothing that a level writes is read in it: all of it can happen at once."""
    for later, earlier in levels(length):
        written, read = range(length)[later], range(length)[earlier]
        assert len(written) == len(read) > 0
        assert not set(written) & set(read)
        assert all(w > r for w, r in zip(written, read, strict=True))


@pytest.mark.parametrize("length", range(2, 130))
def test_levels_are_logarithmic_and_work_is_linear(length: int) -> None:
    found = list(levels(length))
    assert math.floor(math.log2(length)) <= len(found) < 2 * math.log2(length)
    assert sum(len(range(length)[later]) for later, _ in found) < 2 * length


def test_members_of_a_stack_are_scanned_for_themselves() -> None:
    a, b = numbers(3, 2, 9, 4), numbers(3, 2, 9, 4, seed=1)
    alone = torch.stack([scan(*pair) for pair in zip(a, b, strict=True)])
    torch.testing.assert_close(torch.vmap(scan)(a, b), alone)
    torch.testing.assert_close(torch.vmap(scan, in_dims=(None, 0))(a[0], b)[1], scan(a[0], b[1]))
    torch.testing.assert_close(torch.vmap(scan, in_dims=(0, 2))(a, b.movedim(0, 2)), alone)
