"""X10 (sections 5.2, 7.1, 7.2, 8.3): how many weights a layer has, by formula, and a network of each architecture.

The formulas of the book leave biases out; they are added here. Networks: c = 2 channels, K = 3 classes, width d.
"""

import pytest
from torch import nn

from suite.architectures.locally_connected import LocallyConnected
from suite.architectures.separable import Separable
from suite.nn.across import Across
from suite.nn.convolution import Filter
from tests.specimens import SPECIMENS, network

H, W, C, D, S = 6, 5, 4, 7, 3
DEPTH = 3


def count(module: nn.Module) -> int:
    return sum(p.numel() for p in module.parameters())


def test_a_fully_connected_layer() -> None:
    """(c + 1) c'; and (h w)^2 c c' for a whole image, with a bias for each number of the answer."""
    assert count(nn.Linear(C, D)) == (C + 1) * D
    assert count(nn.Linear(H * W * C, H * W * D)) == (H * W) ** 2 * C * D + H * W * D


def test_a_locally_connected_layer() -> None:
    """h w s^2 c c'."""
    assert count(LocallyConnected((H, W), D, kernel=S, activation="relu")) == H * W * S**2 * D * D + H * W * D


@pytest.mark.parametrize("rank", [1, 2, 3])
def test_a_convolution(rank: int) -> None:
    """s^2 c c' in a plane: however large the image is."""
    assert count(Filter(C, rank=rank, kernel=S, out=D)) == S**rank * C * D + D


def test_a_convolution_of_one_place() -> None:
    """c c': a 1x1 convolution is a linear layer."""
    assert count(Filter(C, rank=2, kernel=1, out=D)) == count(nn.Linear(C, D)) == C * D + D


def test_a_depthwise_separable_convolution() -> None:
    """s s c + c c' in place of s s c c'."""
    assert count(Separable(D, rank=2, kernel=S, activation="relu")) == S * S * D + D * D + 2 * D


@pytest.mark.parametrize("groups", [1, 2, 4])
def test_a_group_wise_convolution(groups: int) -> None:
    """s^2 c c' / g."""
    assert count(Filter(C, rank=2, kernel=S, out=8, groups=groups)) == S**2 * C * 8 // groups + 8


def test_a_causal_convolution() -> None:
    """(k + 1) c c' with k places before; dilation makes them no more."""
    for dilation in (1, 2, 8):
        causal = Filter(C, rank=1, kernel=S, out=D, dilation=dilation, causal=True)
        assert count(causal) == ((S - 1) + 1) * C * D + D


def test_a_map_across_places() -> None:
    """It grows with the square of the places, and not with the features."""
    assert count(Across(H * W, H * W)) == (H * W) ** 2 + H * W


d, c, k, places = 16, 2, 3, 36
WIDE = 4 * d
FORWARD = d * WIDE + WIDE + WIDE * d + d


@pytest.mark.parametrize(
    ("architecture", "stem", "layer", "norms"),
    [
        ("cnn", c * d + d, 9 * d * d + d, 1),
        ("vgg", c * d + d, 9 * d * d + d, 1),
        ("non_local", c * d + d, (9 * d * d + d) + 3 * (d * d // 2 + d // 2) + (d // 2 * d + d), 2),
        ("resnet", c * d + d, 2 * (9 * d * d + d), 1),
        ("bottleneck", c * d + d, (d * d // 4 + d // 4) + (9 * (d // 4) ** 2 + d // 4) + (d // 4 * d + d), 1),
        ("convnext", c * d + d, 49 * d + d + FORWARD, 1),
        ("separable", c * d + d, 9 * d + d + d * d + d, 1),
        ("locally_connected", c * d + d, places * (9 * d * d + d), 1),
        ("tcn", c * d + d, 3 * d * d + d, 1),
        ("long_conv", c * d + d, (33 * 32 + 32) + (32 * d + d) + (d * d + d), 1),
        ("mlp_mixer", c * d + d, places * d // 2 + d // 2 + d // 2 * places + places + FORWARD, 2),
        ("gmlp", c * d + d, (d * WIDE + WIDE) + (places**2 + places) + (WIDE // 2 * d + d), 1),
        ("fourier", c * d + d + places * d, FORWARD, 2),
        ("identity_mixer", c * d + d + places * d, FORWARD, 2),
        ("random_mixer", c * d + d + places * d, FORWARD, 2),
        ("pool_former", c * d + d, FORWARD, 2),
        ("shift", c * d + d, 2 * (d * d + d) + FORWARD, 2),
        (
            "monet",
            c * d + d,
            2 * ((d * 2 * d + 2 * d) + (d * d // 4 + d // 4) + (d // 4 * 2 * d + 2 * d) + (2 * d * d + d)),
            1,
        ),
        ("mlp", c * places * d + d, d * d + d, 1),
        ("mixture_of_experts", c * places * d + d, d * 4 + 4 + 4 * 2 * (d * d + d), 1),
    ],
)
@pytest.mark.parametrize(("norm", "weights"), [("none", 0), ("layer", 2 * d), ("rms", d)])
def test_a_network(architecture: str, stem: int, layer: int, norms: int, norm: str, weights: int) -> None:
    net = network("image", architecture, width=d, depth=DEPTH, norm=norm)
    assert SPECIMENS["image"].task.shape == (6, 6, c)
    assert count(net) == stem + DEPTH * layer + (DEPTH * norms + 1) * weights + d * 3 + 3


def test_text_cnn() -> None:
    """Filters of 3, 4 and 5 places, for 6, 5 and 5 of 16 features."""
    filters = (3 * 6 + 4 * 5 + 5 * 5) * d + d
    assert count(network("sequence", "text_cnn", width=d, depth=1, norm="none")) == 11 * d + filters + d * 3 + 3


def test_tied_layers_are_counted_once() -> None:
    once, often = (network("table", "neural_ode", width=d, depth=depth) for depth in (1, 9))
    assert count(once) == count(often)
