"""Every normalization is its formula (book 9.3.2), over the last axis, whatever the axes before it."""

from typing import get_args

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from suite.graphs import Graphs
from suite.nn.places import Places
from suite.trial import Tricks
from suite.tricks.norm import GroupNorm, norm, refusal
from tests.specimens import SPECIMENS

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


@pytest.mark.parametrize("channels", [1, 2, 4])
@each_shape
def test_group_is_torch_group_norm(shape: tuple[int, ...], channels: int) -> None:
    x, ours, theirs = examples(shape), GroupNorm(4, channels), nn.GroupNorm(4 // channels, 4)
    for parameter in (ours.weight, ours.bias):
        nn.init.normal_(parameter)
    theirs.load_state_dict(ours.state_dict())
    torch.testing.assert_close(ours(x), theirs(x.movedim(-1, 1)).movedim(1, -1), rtol=1e-4, atol=5e-4)


def test_instance_is_torch_instance_norm() -> None:
    x = examples((6, 3, 2, 4))
    expected = nn.InstanceNorm2d(4)(x.movedim(-1, 1)).movedim(1, -1)
    torch.testing.assert_close(norm("instance", 4)(x), expected)


@each_shape
def test_layer_all_is_torch_layer_norm_over_everything_in_an_example(shape: tuple[int, ...]) -> None:
    """The other of the two layer norms of section 9.3.2, with a weight for each feature."""
    x, module = examples(shape), scaled("layer_all", 4)
    weight, bias = module.parameters()
    torch.testing.assert_close(module(x), functional.layer_norm(x, shape[1:]) * weight + bias)
    if shape[1:-1] == (1,):
        torch.testing.assert_close(module(x), scaled("layer", 4)(x))
    else:
        assert not module(x).allclose(scaled("layer", 4)(x), atol=0.1)


@pytest.mark.parametrize(("width", "groups"), [(64, 4), (16, 1), (8, 1), (24, 3), (40, 5), (7, 7)])
def test_groups_have_sixteen_channels_or_what_divides_the_width(width: int, groups: int) -> None:
    x = examples((3, 5, width))
    expected = nn.GroupNorm(groups, width)(x.movedim(-1, 1)).movedim(1, -1)
    torch.testing.assert_close(norm("group", width)(x), expected)


@pytest.mark.parametrize("level", LEVELS)
def test_absent_places_are_in_no_mean(level: str) -> None:
    """Invariant X22: what is there is normalized as if the rest did not exist."""
    x, present = examples((3, 6, 4)), torch.arange(6) < torch.tensor([[6], [4], [1]])
    module, other = scaled(level, 4), x.masked_fill(~present[..., None], 1e3)
    ours, theirs = module(x, Places(present)), module(other, Places(present))
    assert ours[present].equal(theirs[present])
    if level in ("group", "instance", "layer_all"):
        torch.testing.assert_close(ours[1, :4], module(x[1:2, :4])[0])
    if level == "batch":
        torch.testing.assert_close(ours[present], module(x[present]))


@pytest.mark.parametrize("level", LEVELS)
def test_all_places_there_is_no_mask_at_all(level: str) -> None:
    x, module = examples((3, 6, 4)), scaled(level, 4)
    torch.testing.assert_close(module(x, Places(torch.ones(3, 6, dtype=torch.bool))), module(x))


@pytest.mark.parametrize("level", ["group", "instance", "layer_all"])
def test_the_nodes_of_a_graph_are_its_places(level: str) -> None:
    part = SPECIMENS["graphs"].part(5)
    graphs, module = part.inputs, scaled(level, 4)
    assert isinstance(graphs, Graphs)
    x = examples((len(graphs.nodes), 4))
    each = x.split(graphs.node_counts.tolist())
    expected = torch.cat([module(one[None])[0] for one in each])
    torch.testing.assert_close(module(x, Places(graphs=graphs)), expected)


def test_rms_is_layer_where_the_mean_is_zero() -> None:
    """Invariant X17."""
    x = examples((6, 5, 4))
    x = x - x.mean(-1, keepdim=True)
    torch.testing.assert_close(norm("rms", 4)(x), norm("layer", 4)(x), rtol=1e-4, atol=1e-4)


def test_an_unknown_level_is_refused() -> None:
    with pytest.raises(ValueError, match="'weight'"):
        norm("weight", 4)


def test_a_mean_over_places_would_see_the_future() -> None:
    causal, free = SPECIMENS["language"].task, SPECIMENS["text"].task
    for level in LEVELS:
        assert (refusal(level, causal) is not None) == (level in ("group", "instance", "layer_all"))
        assert refusal(level, free) is None
