"""Every convolutional architecture against torch's layers on the same weights, or its definition written out.

Axes: B batch, L length, H height, W width, D features.
"""

from itertools import product

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from suite.architectures.bottleneck import Bottleneck
from suite.architectures.convnext import Inverted
from suite.architectures.locally_connected import LocallyConnected
from suite.architectures.long_conv import LongConvolution
from suite.architectures.resnet import Basic
from suite.architectures.separable import Separable
from suite.architectures.text_cnn import Parallel
from suite.nn.convolution import Convolution, Filter
from suite.nn.places import Places
from tests.specimens import SPECIMENS, network

B, L, D = 2, 9, 8
CAUSAL = Places(causal=True)


def image() -> Tensor:
    return torch.randn(B, 6, 5, D)


def first(x: Tensor) -> Tensor:
    """Channels from last to first."""
    return x.movedim(-1, 1)


def last(x: Tensor) -> Tensor:
    return x.movedim(1, -1)


def conv(x: Tensor, layer: nn.Conv2d) -> Tensor:
    """The same filter by torch's function, zeros all around; channels first."""
    return functional.conv2d(x, layer.weight, layer.bias, padding=layer.kernel_size[0] // 2, groups=layer.groups)


def one_by_one(layer: nn.Linear) -> nn.Conv2d:
    """A linear map of each place, as the 1x1 convolution that it is."""
    found = nn.Conv2d(layer.in_features, layer.out_features, 1)
    with torch.no_grad():
        found.weight.copy_(layer.weight[..., None, None])
        found.bias.copy_(layer.bias)
    return found


def test_a_residual_block_is_two_filters_with_a_nonlinearity_between() -> None:
    block, x = Basic(D, rank=2, kernel=3, activation="relu"), image()
    theirs = conv(conv(first(x), block.first.conv).relu(), block.second.conv)
    torch.testing.assert_close(block(x), last(theirs))


def test_a_residual_network_is_its_stream_and_its_paths() -> None:
    """x + F(norm(x)), layer by layer, and nothing else between stem and the last norm."""
    net, x = network("image", "resnet", depth=2), SPECIMENS["image"].part(4).inputs
    stream, places = net.stem(x)
    for layer in net.layers:
        stream = stream + layer[0].mixer(functional.layer_norm(stream, stream.shape[-1:]), places)
    torch.testing.assert_close(net.features(x)[0], functional.layer_norm(stream, stream.shape[-1:]))


def test_a_bottleneck_is_1x1_3x3_1x1() -> None:
    """Against the figure of section 9.4.1: its third convolution is a 1x1 one."""
    block, x = Bottleneck(D, rank=2, kernel=3, activation="relu"), image()
    reduced = one_by_one(block.reduce[0])(first(x)).relu()
    theirs = one_by_one(block.restore)(conv(reduced, block.mix.conv).relu())
    torch.testing.assert_close(block(x), last(theirs))
    assert reduced.shape[1] == D // 4, "narrow inside"


def test_convnext_is_a_depthwise_filter_of_seven_and_an_inverted_bottleneck() -> None:
    block, x = Inverted(D, rank=2, activation="gelu"), image()
    widen, _, narrow = block.think.each
    assert block.mix.conv.kernel_size == (7, 7)
    assert block.mix.conv.groups == D
    wide = functional.gelu(one_by_one(widen)(conv(first(x), block.mix.conv)))
    torch.testing.assert_close(block(x), last(one_by_one(narrow)(wide)))
    assert wide.shape[1] == 4 * D, "wide inside"


def test_depthwise_separable_is_a_convolution_with_a_kernel_of_rank_one() -> None:
    """Kernel (d', d, i, j) = pointwise (d', d) depthwise (d, i, j)."""
    block, x = Separable(D, rank=2, kernel=3, activation="relu"), image()
    depthwise, pointwise = block.depthwise.conv, block.pointwise
    weight = pointwise.weight[:, :, None, None] * depthwise.weight[:, 0]
    bias = pointwise.weight @ depthwise.bias + pointwise.bias
    theirs = functional.conv2d(first(x), weight, bias, padding=1).relu()
    torch.testing.assert_close(block(x), last(theirs))
    with torch.no_grad():
        pointwise.weight.copy_(torch.eye(D))
    y, moved = block(x), x.clone()
    moved[..., 0] += 1
    assert block(moved)[..., 1:].equal(y[..., 1:]), "the depthwise half mixes no features"


@pytest.mark.parametrize("rank", [1, 2])
def test_a_locally_connected_layer_with_the_same_filter_everywhere_is_a_convolution(rank: int) -> None:
    lengths = (6, 5)[:rank]
    ours, theirs = (
        LocallyConnected(lengths, D, kernel=3, activation="relu"),
        Convolution(D, rank=rank, kernel=3, activation="relu"),
    )
    with torch.no_grad():
        kernel = theirs.conv.weight.flatten(2).permute(2, 1, 0)  # (places, D in, D out)
        ours.weight.copy_(kernel.view(-1, *[1] * rank, D, D).expand_as(ours.weight))
        ours.bias.copy_(theirs.conv.bias.expand_as(ours.bias))
    x = torch.randn(B, *lengths, D)
    torch.testing.assert_close(ours(x), theirs(x))
    if rank == 1:
        torch.testing.assert_close(ours(x, CAUSAL), theirs(x, CAUSAL))
        torch.testing.assert_close(ours(x[:, :4]), theirs(x[:, :4]))


def test_a_locally_connected_layer_has_a_filter_for_each_place() -> None:
    """Definition D.7.2: the answer at (i, j) is that place's own weights times its own patch."""
    layer, x = LocallyConnected((6, 5), D, kernel=3, activation="relu"), image()
    padded, y = functional.pad(x, (0, 0, 1, 1, 1, 1)), layer(x)
    for i, j in product(range(6), range(5)):
        patch = padded[:, i : i + 3, j : j + 3].reshape(B, 9 * D)
        expected = patch @ layer.weight[:, i, j].reshape(9 * D, D) + layer.bias[i, j]
        torch.testing.assert_close(y[:, i, j], expected.relu())


def test_a_temporal_network_looks_back_only_and_twice_as_far_in_every_layer() -> None:
    net = network("series", "tcn", depth=3, norm="none", residual="none", activation="relu")
    mixers = [layer[0].mixer for layer in net.layers]
    x, _ = net.stem(SPECIMENS["series"].part(4).inputs)
    expected = first(x)
    for index, mixer in enumerate(mixers):
        step = 2**index
        padded = functional.pad(expected, (2 * step, 0))
        expected = functional.conv1d(padded, mixer.conv.weight, mixer.conv.bias, dilation=step).relu()
    torch.testing.assert_close(nn.Sequential(*mixers)(x), last(expected))


def test_vgg_is_convolutions_with_a_max_pool_after_every_second_one() -> None:
    """Without norm and residual paths, as it was published (section 7.2)."""
    net = network("image", "vgg", depth=4, norm="none", residual="none", activation="relu")
    x = SPECIMENS["image"].part(4).inputs
    expected = first(net.stem(x)[0])
    for index, layer in enumerate(net.layers):
        expected = conv(expected, layer[0].mixer.conv).relu()
        if index % 2:
            expected = functional.max_pool2d(expected, 2, ceil_mode=True)
    torch.testing.assert_close(net(x), net.head(expected.mean((2, 3))))
    assert expected.shape[2:] == (2, 2), "of 6 x 6"


def test_all_cnn_is_convolutions_of_which_every_third_skips() -> None:
    """Where vgg pools, it has a convolution with a stride of 2 (Springenberg et al. 2015)."""
    net = network("image", "all_cnn", depth=4, norm="none", residual="none", activation="relu")
    x = SPECIMENS["image"].part(4).inputs
    expected = first(net.stem(x)[0])
    for index, layer in enumerate(net.layers):
        expected = conv(expected, layer[0].mixer.conv).relu()
        if index % 2:
            skips = layer[1].conv.conv
            expected = functional.conv2d(expected, skips.weight, skips.bias, stride=2, padding=1).relu()
    torch.testing.assert_close(net(x), net.head(expected.mean((2, 3))))
    assert expected.shape[2:] == (2, 2), "of 6 x 6"


def test_a_strided_network_moves_with_its_input_by_whole_strides() -> None:
    """Far from the border: two strides of 2 make 4 places one, and a move by fewer is no move of the answer."""
    net, x = network("image", "all_cnn", depth=4, norm="layer"), torch.randn(1, 64, 64, 2)
    answer, inside = net.features(x)[0], slice(6, -6)
    assert answer.shape[1:3] == (16, 16)
    moved = net.features(x.roll(4, 1))[0]
    torch.testing.assert_close(moved[:, inside, inside], answer.roll(1, 1)[:, inside, inside])
    for move in (1, 2, 3):
        moved = net.features(x.roll(move, 1))[0]
        for steps in (0, 1):
            assert not moved[:, inside, inside].allclose(answer.roll(steps, 1)[:, inside, inside], atol=1e-2)


def test_text_cnn_takes_the_largest_value_over_time_of_filters_of_three_sizes() -> None:
    net = network("sequence", "text_cnn", width=9, depth=1, norm="none", residual="none", activation="relu")
    x = SPECIMENS["sequence"].part(4).inputs
    embedded = net.stem(x)[0].mT
    filters = net.layers[0][0].mixer.filters
    assert [(each.conv.kernel_size, each.conv.out_channels) for each in filters] == [((3,), 3), ((4,), 3), ((5,), 3)]
    found = [
        functional.conv1d(functional.pad(embedded, around), each.conv.weight, each.conv.bias)
        for each, around in zip(filters, [(1, 1), (1, 2), (2, 2)], strict=True)
    ]
    torch.testing.assert_close(net(x), net.head(torch.cat(found, 1).relu().amax(2)))


def test_a_text_cnn_too_narrow_for_its_filters_says_so() -> None:
    with pytest.raises(ValueError, match="width 2 is less than 3"):
        Parallel(2, activation="relu")


@pytest.mark.parametrize("causal", [False, True])
def test_a_long_convolution_is_a_sum_over_all_distances(causal: bool) -> None:
    """y_i = sum over j of g(i - j) x_j (section 10.1.1); over j <= i in a causal task."""
    layer, x = LongConvolution(L, D, activation="gelu").double(), torch.randn(B, L, D, dtype=torch.float64)
    layer.think = nn.Identity()
    expected = torch.zeros_like(x)
    for i, j in product(range(L), range(L)):
        if j <= i or not causal:
            expected[:, i] += layer.kernel(torch.tensor([i - j], dtype=torch.float64))[0] * x[:, j]
    torch.testing.assert_close(layer(x, Places(causal=causal)), expected)


def test_a_continuous_filter_has_no_weight_more_for_a_longer_example() -> None:
    """And it is smooth in time: half the distance of a network for twice the places is the same distance."""
    short, long = LongConvolution(10, D, activation="gelu"), LongConvolution(20, D, activation="gelu")
    long.load_state_dict(short.state_dict())
    distances = torch.arange(10.0)
    torch.testing.assert_close(long.kernel(2 * distances) * 2**0.5, short.kernel(distances))


@pytest.mark.parametrize("architecture", ["cnn", "resnet", "bottleneck", "separable", "convnext"])
def test_convolutional_networks_move_with_their_input(architecture: str) -> None:
    """Invariant X08: far from the border, all of them, and through all their layers."""
    net = network("image", architecture, depth=1)
    x = torch.randn(1, 16, 16, 2)
    moved, rolled = net.features(x.roll(1, 1))[0], net.features(x)[0].roll(1, 1)
    torch.testing.assert_close(moved[:, 5:-4, 5:-4], rolled[:, 5:-4, 5:-4])
    assert not moved.allclose(rolled, atol=1e-3)


def test_a_locally_connected_network_does_not_move_with_its_input() -> None:
    net, x = network("image", "locally_connected", depth=1), torch.randn(1, 6, 6, 2)
    moved, rolled = net.features(x.roll(1, 1))[0], net.features(x)[0].roll(1, 1)
    assert not moved[:, 2:-2, 2:-2].allclose(rolled[:, 2:-2, 2:-2], atol=1e-3)


def test_a_filter_with_dilation_is_one_with_holes() -> None:
    """Section 8.2.3: the same as a larger filter that is zero at every second place."""
    thin, dense = Filter(D, rank=1, kernel=3, dilation=2), Filter(D, rank=1, kernel=5)
    with torch.no_grad():
        dense.conv.weight.zero_()
        dense.conv.weight[..., ::2] = thin.conv.weight
        dense.conv.bias.copy_(thin.conv.bias)
    x = torch.randn(B, L, D)
    torch.testing.assert_close(thin(x), dense(x))
