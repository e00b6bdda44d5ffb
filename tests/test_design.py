"""Designs run the combinations that they promise, each once, and count them without making them."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as some

from suite.design import DESIGNS, DesignName, points

FACTORS = some.dictionaries(
    some.sampled_from(["norm", "residual", "depth", "dropout"]),
    some.lists(some.integers(0, 9), min_size=1, max_size=4, unique=True),
    max_size=4,
)


@given(FACTORS, some.sampled_from(get_args(DesignName)))
def test_a_design_counts_its_points_and_starts_at_the_reference(
    factors: dict[str, list[int]], name: DesignName
) -> None:
    reference = {factor: levels[0] for factor, levels in factors.items()}
    made = list(DESIGNS[name](factors, reference))
    assert len(made) == points(name, factors)
    assert made[0] == reference
    assert len({tuple(point.items()) for point in made}) == len(made), "each once"
    assert all(point[factor] in levels for point in made for factor, levels in factors.items())


def test_factorial_is_every_combination() -> None:
    made = list(DESIGNS["factorial"]({"a": (1, 2), "b": ("x", "y", "z")}, {"a": 1, "b": "x"}))
    assert {(point["a"], point["b"]) for point in made} == {(a, b) for a in (1, 2) for b in "xyz"}


def test_one_at_a_time_moves_one_factor() -> None:
    reference = {"a": 1, "b": "x"}
    made = list(DESIGNS["one_at_a_time"]({"a": (1, 2), "b": ("x", "y", "z")}, reference))
    assert made == [reference, {"a": 2, "b": "x"}, {"a": 1, "b": "y"}, {"a": 1, "b": "z"}]


@pytest.mark.parametrize("name", get_args(DesignName))
def test_no_factors_are_one_point(name: DesignName) -> None:
    assert list(DESIGNS[name]({}, {})) == [{}]


def test_every_name_has_a_design() -> None:
    assert set(DESIGNS) == set(get_args(DesignName))
