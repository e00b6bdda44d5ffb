"""Designs: which combinations of factor levels a study runs. Each yields points, dicts of factor to level."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from math import prod
from typing import Literal

from suite.trial import Level, canonical

Factors = Mapping[str, Sequence[Level]]
Point = dict[str, Level]
DesignName = Literal["factorial", "one_at_a_time", "leave_one_out", "both_ends", "random_controlled"]

SETTINGS = 96  # random settings in a controlled search, as in You, Ying and Leskovec (2020), Design Space for GNNs


def factorial(factors: Factors) -> Iterator[Point]:
    """Every combination of levels: shows how factors interact."""
    for levels in product(*factors.values()):
        yield dict(zip(factors, levels, strict=True))


def one_at_a_time(factors: Factors) -> Iterator[Point]:
    """All factors at their first level, then each moved alone: what each is worth there, and no interaction."""
    yield from _star(factors, {name: levels[0] for name, levels in factors.items()})


def leave_one_out(factors: Factors) -> Iterator[Point]:
    """The full recipe, all factors at their last level, then each moved away alone: what the recipe loses by it."""
    yield from _star(factors, {name: levels[-1] for name, levels in factors.items()})


def both_ends(factors: Factors) -> Iterator[Point]:
    """One at a time and leave one out: where the two differ on a factor, it interacts with others."""
    seen = list[Point]()
    for point in (*one_at_a_time(factors), *leave_one_out(factors)):
        if point not in seen:
            seen.append(point)
            yield point


def random_controlled(factors: Factors) -> Iterator[Point]:
    """All levels of the first factor on the same random settings of the others, for spaces too large to cross.

    The settings are drawn from the factors alone, so that the same study runs the same points.
    """
    if not factors:
        yield {}
        return
    judged, *others = factors.items()
    rest = dict(others)
    size = prod(len(levels) for levels in rest.values())
    draw = random.Random(canonical({name: list(levels) for name, levels in factors.items()}))
    for number in sorted(draw.sample(range(size), min(SETTINGS, size))):
        setting = _numbered(rest, number)
        yield from ({judged[0]: level, **setting} for level in judged[1])


def _star(factors: Factors, centre: Point) -> Iterator[Point]:
    yield dict(centre)
    for name, levels in factors.items():
        yield from ({**centre, name: level} for level in levels if level != centre[name])


def _numbered(factors: Factors, number: int) -> Point:
    """The combination of that number in the order of `factorial`, without making the others."""
    point: Point = {}
    for name, levels in reversed(list(factors.items())):
        number, place = divmod(number, len(levels))
        point[name] = levels[place]
    return {name: point[name] for name in factors}


DESIGNS: dict[DesignName, Callable[[Factors], Iterator[Point]]] = {
    "factorial": factorial,
    "one_at_a_time": one_at_a_time,
    "leave_one_out": leave_one_out,
    "both_ends": both_ends,
    "random_controlled": random_controlled,
}


def points(design: DesignName, factors: Factors) -> int:
    """How many points the design has, counted without making them where they can be many."""
    counts = [len(levels) for levels in factors.values()]
    match design:
        case "factorial":
            return prod(counts)
        case "random_controlled":
            return counts[0] * min(SETTINGS, prod(counts[1:])) if counts else 1
        case "one_at_a_time" | "leave_one_out":
            return 1 + sum(count - 1 for count in counts)
        case "both_ends":
            return sum(1 for _ in both_ends(factors))
