"""X09 (sections 7.2.1, 8.2.3): how far a place sees, read from which inputs have a gradient.

L layers of kernels s see 1 + L (s - 1) places, and with dilation d ** i in layer i, 1 + (s - 1) (d^L - 1) / (d - 1).
"""

import pytest
import torch

from suite.catalog import architecture as architecture_of
from suite.trial import Size, Tricks
from tasks.task import Task

LENGTH = 101
MIDDLE = LENGTH // 2
TRICKS = Tricks(norm="none")


def seen(architecture: str, *, shape: tuple[int, ...] = (LENGTH, 1), **size: int) -> torch.Tensor:
    """Which places the middle one depends on; bool, of the places' shape."""
    task = Task(
        data="series" if len(shape) == 2 else "image",
        shape=shape,
        target="class",
        outputs=2,
        metric="accuracy",
        chance=0.5,
        source="",
        licence="",
        load=lambda rng: pytest.fail("not loaded"),
    )
    net = architecture_of(architecture).build(task, Size(width=8, **size), TRICKS).double()
    x = torch.randn(1, *shape, dtype=torch.float64, requires_grad=True)
    features = net.features(x)[0]
    middle = tuple(length // 2 for length in features.shape[1:-1])
    (gradient,) = torch.autograd.grad(features[0][middle].square().sum(), x)
    return gradient[0, ..., 0] != 0


def span(places: torch.Tensor) -> tuple[int, int]:
    """First and last, and that there are no holes between them."""
    found = places.nonzero().flatten().tolist()
    assert found == list(range(found[0], found[-1] + 1))
    return found[0], found[-1]


@pytest.mark.parametrize("kernel", [1, 3, 5, 7])
@pytest.mark.parametrize("depth", [1, 2, 4])
@pytest.mark.parametrize(("architecture", "filters"), [("cnn", 1), ("separable", 1), ("bottleneck", 1), ("resnet", 2)])
def test_it_grows_with_the_depth(architecture: str, filters: int, kernel: int, depth: int) -> None:
    reach = filters * depth * (kernel - 1) // 2
    assert span(seen(architecture, kernel=kernel, depth=depth)) == (MIDDLE - reach, MIDDLE + reach)


@pytest.mark.parametrize("depth", [1, 2, 4])
def test_convnext_sees_three_to_each_side_in_every_layer(depth: int) -> None:
    assert span(seen("convnext", depth=depth)) == (MIDDLE - 3 * depth, MIDDLE + 3 * depth)


@pytest.mark.parametrize("kernel", [3, 5])
@pytest.mark.parametrize("depth", [1, 2])
@pytest.mark.parametrize("architecture", ["cnn", "locally_connected"])
def test_in_a_plane_it_is_a_square(architecture: str, depth: int, kernel: int) -> None:
    side = 1 + depth * (kernel - 1)
    places = seen(architecture, shape=(15, 15, 1), kernel=kernel, depth=depth)
    near = slice(7 - side // 2, 8 + side // 2)
    assert places[near, near].all()
    assert places.sum() == side**2


@pytest.mark.parametrize("depth", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("kernel", [2, 3])
def test_a_dilated_stack_sees_exponentially_far(depth: int, kernel: int) -> None:
    """And back only: the place itself is the last one it sees."""
    field = 1 + (kernel - 1) * (2**depth - 1)
    if field > MIDDLE:
        pytest.skip("farther than there are places")
    assert span(seen("tcn", kernel=kernel, depth=depth, dilation=2)) == (MIDDLE - field + 1, MIDDLE)


def test_any_dilation() -> None:
    assert span(seen("tcn", kernel=3, depth=3, dilation=3)) == (MIDDLE - 2 * (1 + 3 + 9), MIDDLE)
    assert span(seen("tcn", kernel=3, depth=4, dilation=1)) == (MIDDLE - 2 * 4, MIDDLE), "none at all: linear again"


def test_a_dilation_larger_than_the_kernel_leaves_holes() -> None:
    """With two weights 3 ** i apart, sums of 0 or 1, 0 or 3: not every distance is one."""
    found = (MIDDLE - seen("tcn", kernel=2, depth=2, dilation=3).nonzero().flatten()).tolist()
    assert sorted(found) == [0, 1, 3, 4]


def test_pooling_makes_it_grow_faster() -> None:
    """Two convolutions see 5 places, the pool 6; each place after it is two wide, so the next two add 8 and not 4."""
    first, last = span(seen("vgg", kernel=3, depth=4))
    assert last - first + 1 == (1 + 2 * 2 + 1) + 2 * (2 * 2) + 2


def test_a_stride_makes_it_grow_faster() -> None:
    """Three convolutions see 7 places; each place after the stride is two apart, so the next three add 4 + 4 + 4."""
    first, last = span(seen("all_cnn", kernel=3, depth=4))
    assert last - first + 1 == 7 + 3 * 4


@pytest.mark.parametrize("architecture", ["non_local", "long_conv", "mlp_mixer", "gmlp", "fourier"])
def test_a_global_mixer_sees_everything_in_one_layer(architecture: str) -> None:
    assert seen(architecture, depth=1).all()
