"""The stem: patches are a reordering, views say what a place is, positions are learned."""

from itertools import product

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as some

from suite.nn.places import ALL
from suite.nn.stem import Stem, grid, patches, sequence, vector
from tasks.task import Task


def task(shape: tuple[int, ...]) -> Task:
    data = {1: "tabular", 2: "series", 3: "image"}[len(shape)]
    return Task(data, shape, "class", 2, "accuracy", 0.5, "made up", "none", lambda rng: None)  # type: ignore[arg-type, return-value]


@given(
    lengths=some.lists(some.integers(1, 7), min_size=1, max_size=3),
    side=some.integers(1, 4),
    channels=some.integers(1, 3),
)
def test_patches_hold_every_value_where_it_belongs(lengths: list[int], side: int, channels: int) -> None:
    shape = (2, *lengths, channels)
    x = torch.arange(1.0, 1 + torch.Size(shape).numel()).view(shape)
    cut = patches(x, side)
    rank = len(lengths)
    assert cut.shape == (2, *(-(-length // side) for length in lengths), side**rank * channels)
    inner = cut.unflatten(-1, (*[side] * rank, channels))
    for place in product(*map(range, lengths)):
        outer, within = [p // side for p in place], [p % side for p in place]
        assert inner[(slice(None), *outer, *within)].equal(x[(slice(None), *place)])
    assert cut.count_nonzero() == x.numel(), "what fills up is zero"


def test_patches_of_images_are_those_of_a_strided_convolution() -> None:
    """A linear map of patches is the tokenizer of the vision transformer (box C.11.2)."""
    generator = torch.Generator().manual_seed(0)
    x, weight = torch.randn(2, 6, 4, 3, generator=generator), torch.randn(5, 3, 2, 2, generator=generator)
    expected = torch.nn.functional.conv2d(x.movedim(-1, 1), weight, stride=2).movedim(1, -1)
    torch.testing.assert_close(patches(x, 2) @ weight.permute(2, 3, 1, 0).reshape(12, 5), expected)


def test_a_patch_of_one_changes_nothing() -> None:
    x = torch.ones(2, 4, 4, 1)
    assert patches(x, 1) is x


def test_a_patch_larger_than_the_example_is_one_place() -> None:
    assert patches(torch.ones(2, 3, 5, 1), 8).shape == (2, 1, 1, 64)


def test_views() -> None:
    x = torch.arange(48.0).view(2, 4, 3, 2)
    assert vector(x).shape == (2, 1, 24)
    assert grid(x) is x
    assert sequence(x).shape == (2, 12, 2)
    assert sequence(x)[0, 4].equal(x[0, 1, 1]), "reading order"


@pytest.mark.parametrize(
    ("shape", "view", "patch", "places"),
    [
        ((10,), vector, 1, (1,)),
        ((10,), vector, 4, (1,)),
        ((10,), sequence, 1, (10,)),
        ((10,), sequence, 4, (3,)),
        ((40, 1), vector, 4, (1,)),
        ((40, 1), grid, 4, (10,)),
        ((40, 1), sequence, 7, (6,)),
        ((8, 8, 1), vector, 2, (1,)),
        ((8, 8, 1), grid, 2, (4, 4)),
        ((8, 8, 1), sequence, 2, (16,)),
    ],
)
@pytest.mark.parametrize("positions", ["learned", "none"])
def test_the_stem_gives_places_with_features(shape, view, patch, places, positions) -> None:  # type: ignore[no-untyped-def]
    stem = Stem(task(shape), 6, patch=patch, view=view, positions=positions)
    y, there = stem(torch.randn(3, *shape))
    assert y.shape == (3, *places, 6)
    assert there == ALL
    assert (stem.modes[0].positions is not None) == (positions == "learned")


def test_positions_are_added_place_by_place() -> None:
    stem = Stem(task((8, 8, 1)), 6, patch=2, view=sequence, positions="learned")
    y, _ = stem(torch.zeros(2, 8, 8, 1))
    (mode,) = stem.modes
    torch.testing.assert_close(y, (mode.positions.weight + mode.project.bias).expand(2, 16, 6))


def test_vector_sees_every_value() -> None:
    stem = Stem(task((4, 3, 2)), 6, patch=1, view=vector, positions="none")
    x = torch.zeros(1, 4, 3, 2, requires_grad=True)
    stem(x)[0].sum().backward()
    assert x.grad is not None
    assert (x.grad != 0).all()
