"""Designs run the combinations that they promise, each once, and count them without making them."""

from collections import Counter
from itertools import product
from time import process_time
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as some

from suite.design import DESIGNS, DesignName, points
from suite.designs.controlled import SETTINGS

FACTORS = some.dictionaries(
    some.sampled_from(["norm", "residual", "depth", "dropout"]),
    some.lists(some.integers(0, 9), min_size=1, max_size=4, unique=True),
    max_size=4,
)
TWO_LEVELS = ("resolution_3", "resolution_4", "resolution_5", "plackett_burman")
PAIRED = ("factorial", "one_at_a_time", "leave_one_out", "both_ends", "random_controlled")
each_name = pytest.mark.parametrize("name", get_args(DesignName))


@given(FACTORS, some.sampled_from(get_args(DesignName)))
def test_a_design_counts_its_points(factors: dict[str, list[int]], name: DesignName) -> None:
    if name in TWO_LEVELS:
        factors = {factor: levels[:2] for factor, levels in factors.items() if len(levels) > 1}
    made = list(DESIGNS[name](factors))
    assert made
    assert len(made) <= points(name, factors)
    assert len(made) == points(name, factors) or name == "d_optimal", "which may want the same point twice"
    assert len({tuple(sorted(point.items())) for point in made}) == len(made), "each once"
    assert all(list(point) == list(factors) for point in made)
    assert all(point[factor] in levels for point in made for factor, levels in factors.items())


@given(FACTORS, some.sampled_from(PAIRED))
def test_every_level_meets_the_first_with_all_else_equal(factors: dict[str, list[int]], name: DesignName) -> None:
    """So that every effect has a pair; of a controlled search, those of the first factor."""
    made = list(DESIGNS[name](factors))
    for factor in list(factors)[: 1 if name == "random_controlled" else None]:
        for level in factors[factor]:
            others = [point for point in made if point[factor] == level]
            assert any({**point, factor: factors[factor][0]} in made for point in others)


def test_factorial_is_every_combination() -> None:
    made = list(DESIGNS["factorial"]({"a": (1, 2), "b": ("x", "y", "z")}))
    assert {(point["a"], point["b"]) for point in made} == {(a, b) for a in (1, 2) for b in "xyz"}


def test_one_at_a_time_moves_one_factor() -> None:
    made = list(DESIGNS["one_at_a_time"]({"a": (1, 2), "b": ("x", "y", "z")}))
    assert made == [{"a": 1, "b": "x"}, {"a": 2, "b": "x"}, {"a": 1, "b": "y"}, {"a": 1, "b": "z"}]


def test_leave_one_out_takes_one_part_of_the_recipe_away() -> None:
    made = list(DESIGNS["leave_one_out"]({"a": (1, 2), "b": ("x", "y", "z")}))
    assert made == [{"a": 2, "b": "z"}, {"a": 1, "b": "z"}, {"a": 2, "b": "x"}, {"a": 2, "b": "y"}]


def test_both_ends_are_the_two_together() -> None:
    factors = {"a": (1, 2), "b": ("x", "y"), "c": (0, 1)}
    made = [tuple(point.values()) for point in DESIGNS["both_ends"](factors)]
    plain, full = (1, "x", 0), (2, "y", 1)
    assert made[0] == plain
    assert set(made) == {
        point for point in product(*factors.values()) if any(_moved(point, end) <= 1 for end in (plain, full))
    }


def test_large_ends_are_counted_at_once_and_made_in_one_go() -> None:
    factors = {name: tuple(range(9000)) for name in ("a", "b", "c")}
    begun = process_time()
    assert points("both_ends", {name: tuple(range(10**6)) for name in factors}) == 2 * (1 + 3 * (10**6 - 1))
    assert points("both_ends", factors) == sum(1 for _ in DESIGNS["both_ends"](factors)) == 2 * (1 + 3 * 8999)
    assert process_time() - begun < 3


def _moved(point: tuple[object, ...], end: tuple[object, ...]) -> int:
    return sum(a != b for a, b in zip(point, end, strict=True))


def test_the_ends_tell_apart_what_a_factorial_averages() -> None:
    """The golden table of a synergy: worth little alone, much in the full recipe, and in between on average."""

    def score(a: int, b: int, c: int) -> float:
        return 0.04 * a + 0.06 * a * b + 0.06 * a * c + 0.04 * a * b * c

    factors = {"a": (0, 1), "b": (0, 1), "c": (0, 1)}

    def worth(name: DesignName) -> float:
        made = [tuple(point.values()) for point in DESIGNS[name](factors)]
        pairs = [(point, (1, *point[1:])) for point in made if point[0] == 0 and (1, *point[1:]) in made]
        return sum(score(*with_) - score(*without) for without, with_ in pairs) / len(pairs)

    assert worth("one_at_a_time") == pytest.approx(0.04)
    assert worth("leave_one_out") == pytest.approx(0.20)
    assert worth("factorial") == pytest.approx(0.04 + 0.03 + 0.03 + 0.01)
    assert worth("both_ends") == pytest.approx(worth("factorial")), "the two ends of three factors are the whole cube"


def test_a_controlled_search_tries_every_level_on_the_same_settings() -> None:
    factors = {"norm": ("none", "batch", "layer"), "depth": tuple(range(50)), "width": tuple(range(50))}
    made = list(DESIGNS["random_controlled"](factors))
    settings = Counter((point["depth"], point["width"]) for point in made)
    assert len(settings) == SETTINGS
    assert set(settings.values()) == {3}
    assert made == list(DESIGNS["random_controlled"](factors)), "drawn from the factors alone"
    depths = Counter(depth for depth, _ in settings)
    assert max(depths.values()) < SETTINGS / 8, "all over the space"


def test_a_space_that_is_too_large_to_list_is_sampled() -> None:
    factors = {name: tuple(range(1000)) for name in ("a", "b", "c", "d")} | {"a": (0, 1)}
    assert len(list(DESIGNS["random_controlled"](factors))) == points("random_controlled", factors) == 2 * SETTINGS


@each_name
def test_no_factors_are_one_point(name: DesignName) -> None:
    assert list(DESIGNS[name]({})) == [{}]
    assert points(name, {}) == 1


def test_every_name_has_a_design() -> None:
    assert set(DESIGNS) == set(get_args(DesignName))
