"""Every normalization is its formula (book 9.3.2), over the last axis, whatever the axes before it."""

from typing import get_args

import pytest
import torch
from torch import Tensor, nn

from suite.trial import Tricks
from suite.tricks.norm import norm

LEVELS = get_args(Tricks.model_fields["norm"].annotation)
SHAPES = [(6, 1, 4), (6, 5, 4), (6, 3, 2, 4)]
EPS = 1e-5

each_shape = pytest.mark.parametrize("shape", SHAPES)


def examples(shape: tuple[int, ...]) -> Tensor:
    return 3 + 2 * torch.randn(shape, generator=torch.Generator().manual_seed(0))


def scaled(level: str, width: int) -> nn.Module:
    """A norm whose weight and bias are not those it starts with."""
    module = norm(level, width)
    for parameter in module.parameters():
        nn.init.normal_(parameter, generator=torch.Generator().manual_seed(1))
    return module


def weight_of(module: nn.Module) -> Tensor:
    return dict(module.named_parameters()).get("weight", next(module.parameters()))


@pytest.mark.parametrize("level", LEVELS)
@each_shape
def test_every_level_keeps_the_shape(level: str, shape: tuple[int, ...]) -> None:
    assert norm(level, 4)(examples(shape)).shape == shape


def test_none_is_the_identity_without_parameters() -> None:
    x = examples((6, 5, 4))
    assert norm("none", 4)(x) is x
    assert not list(norm("none", 4).parameters())


@each_shape
def test_layer(shape: tuple[int, ...]) -> None:
    x, module = examples(shape), scaled("layer", 4)
    mean, variance = x.mean(-1, keepdim=True), x.var(-1, keepdim=True, unbiased=False)
    weight, bias = module.parameters()
    torch.testing.assert_close(module(x), (x - mean) / (variance + EPS).sqrt() * weight + bias)


@each_shape
def test_rms(shape: tuple[int, ...]) -> None:
    x, module = examples(shape), scaled("rms", 4)
    torch.testing.assert_close(module(x), x / x.square().mean(-1, keepdim=True).sqrt() * weight_of(module))


@each_shape
def test_batch_normalizes_a_feature_over_all_places_of_all_examples(shape: tuple[int, ...]) -> None:
    x, module = examples(shape), scaled("batch", 4)
    flat = x.reshape(-1, 4)
    mean, variance = flat.mean(0), flat.var(0, unbiased=False)
    weight, bias = module.parameters()
    torch.testing.assert_close(module(x), (x - mean) / (variance + EPS).sqrt() * weight + bias)


def test_batch_of_images_is_torch_batch_norm_2d() -> None:
    x = examples((6, 3, 2, 4))
    expected = nn.BatchNorm2d(4)(x.movedim(-1, 1)).movedim(1, -1)
    torch.testing.assert_close(norm("batch", 4)(x), expected)


def test_batch_keeps_nine_tenths_of_its_running_statistics() -> None:
    """Book slip S6 has the two weights the wrong way round."""
    module = norm("batch", 4)
    mean, variance = torch.zeros(4), torch.ones(4)
    for step in range(3):
        x = examples((6, 5, 4)) + step
        module(x)
        flat = x.reshape(-1, 4)
        mean = 0.9 * mean + 0.1 * flat.mean(0)
        variance = 0.9 * variance + 0.1 * flat.var(0)
    state = module.state_dict()
    torch.testing.assert_close(state["norm.running_mean"], mean)
    torch.testing.assert_close(state["norm.running_var"], variance)
    module.eval()
    torch.testing.assert_close(module(x), (x - mean) / (variance + EPS).sqrt())
    torch.testing.assert_close(module.state_dict()["norm.running_mean"], mean)  # evaluation learns nothing


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("training", [True, False])
def test_only_batch_in_training_sees_the_other_examples(level: str, training: bool) -> None:
    """Invariant X17."""
    x = examples((6, 5, 4))
    other = x.clone()
    other[1:] += 1 + x[1:]
    module = norm(level, 4).train(training)
    same = torch.equal(module(x)[0], module(other)[0])
    assert same == (not (level == "batch" and training))


def test_rms_is_layer_where_the_mean_is_zero() -> None:
    """Invariant X17."""
    x = examples((6, 5, 4))
    x = x - x.mean(-1, keepdim=True)
    torch.testing.assert_close(norm("rms", 4)(x), norm("layer", 4)(x), rtol=1e-4, atol=1e-4)


def test_an_unknown_level_is_refused() -> None:
    with pytest.raises(ValueError, match="'group'"):
        norm("group", 4)
