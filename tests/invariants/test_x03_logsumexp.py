"""X03 (section 4.3.2): the logarithm of a softmax overflows for large logits unless the largest is taken out first."""

import math

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from suite.objective import loss

LIMITS = [(torch.float32, 88.7), (torch.float64, 709.7), (torch.float16, 11.08)]  # log of the largest number there is

each_limit = pytest.mark.parametrize(("dtype", "limit"), LIMITS)


def by_definition(logits: Tensor) -> Tensor:
    return (logits.exp() / logits.exp().sum()).log()


def stable(logits: Tensor) -> Tensor:
    """log softmax(s) = s - c - log sum exp(s - c), for any c; c = max s keeps every exponential below 1."""
    shifted = logits - logits.max()
    return shifted - shifted.exp().sum().log()


@each_limit
def test_the_limit_is_the_logarithm_of_the_largest_number(dtype: torch.dtype, limit: float) -> None:
    assert 0 < math.log(torch.finfo(dtype).max) - limit < 0.1


@each_limit
def test_the_definition_fails_beyond_the_limit(dtype: torch.dtype, limit: float) -> None:
    below, beyond = (torch.tensor([at, 0.0], dtype=dtype) for at in (limit - 1, limit + 1))
    assert by_definition(below)[0].isfinite()
    assert not by_definition(beyond).isfinite().all()


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.float16])
@pytest.mark.parametrize("size", [1.0, 90.0, 800.0, 1e4])
def test_the_stable_form_does_not(dtype: torch.dtype, size: float) -> None:
    logits = torch.tensor([size, 0.0, -size, size / 2], dtype=dtype)
    for answer in (stable(logits), functional.log_softmax(logits, 0), logits - logits.logsumexp(0)):
        assert answer.isfinite().all()
    torch.testing.assert_close(stable(logits), functional.log_softmax(logits, 0))


def test_they_agree_where_both_can_be_computed() -> None:
    logits = torch.randn(50, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(by_definition(logits), stable(logits))


def test_the_gradient_of_logsumexp_is_the_softmax() -> None:
    """And not the other way round, as the text has it (slip S4)."""
    logits = torch.randn(7, dtype=torch.float64, generator=torch.Generator().manual_seed(0)).requires_grad_()
    (gradient,) = torch.autograd.grad(logits.logsumexp(0), logits)
    torch.testing.assert_close(gradient, logits.softmax(0))


@pytest.mark.parametrize("size", [100.0, 1e4])
def test_so_does_the_cross_entropy_of_the_suite(size: float) -> None:
    logits = torch.tensor([[size, -size]], requires_grad=True)
    value = loss("class", logits, torch.tensor([1]))
    value.backward()
    assert value.item() == pytest.approx(2 * size)
    assert logits.grad is not None
    assert logits.grad.tolist() == [[1.0, -1.0]]
