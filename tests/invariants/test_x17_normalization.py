"""X17: batch normalization sees the batch, and only in training; the others see one example (book 9.3.2)."""

from typing import get_args

import pytest
import torch
from torch import Tensor

from suite.trial import Tricks
from suite.tricks.norm import norm

LEVELS = get_args(Tricks.model_fields["norm"].annotation)


def examples() -> Tensor:
    return 3 + 2 * torch.randn(6, 5, 4, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("training", [True, False])
def test_only_batch_in_training_sees_the_other_examples(level: str, training: bool) -> None:
    x = examples()
    other = x.clone()
    other[1:] += 1 + x[1:]
    module = norm(level, 4).train(training)
    same = torch.equal(module(x)[0], module(other)[0])
    assert same == (not (level == "batch" and training))


@pytest.mark.parametrize("level", LEVELS)
def test_only_norms_over_places_see_the_other_places(level: str) -> None:
    x = examples()
    other = x.clone()
    other[:, 1:] += 1 + x[:, 1:]
    same = torch.equal(norm(level, 4)(x)[:, 0], norm(level, 4)(other)[:, 0])
    assert same == (level in ("none", "layer", "rms"))


@pytest.mark.parametrize("level", ["batch", "layer", "group", "instance", "layer_all"])
def test_the_scale_of_the_weights_before_it_does_not_matter(level: str) -> None:
    module = norm(level, 4)
    torch.testing.assert_close(module(100 * examples() + 7), module(examples()), rtol=1e-4, atol=1e-4)


def test_rms_is_layer_exactly_where_the_mean_is_zero() -> None:
    """Up to where each adds its epsilon."""
    x = examples()
    centred = x - x.mean(-1, keepdim=True)
    torch.testing.assert_close(norm("rms", 4)(centred), norm("layer", 4)(centred), rtol=1e-4, atol=1e-4)
    assert not norm("rms", 4)(x).allclose(norm("layer", 4)(x), atol=0.1)


def test_the_variance_after_it_is_the_square_of_the_weight() -> None:
    """Book slip S6: not the weight itself."""
    module = norm("batch", 4)
    with torch.no_grad():
        module.norm.weight.fill_(3.0)
    torch.testing.assert_close(
        module(examples()).flatten(0, 1).var(0, correction=0), torch.full((4,), 9.0), rtol=1e-4, atol=0
    )
