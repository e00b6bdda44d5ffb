"""Designs: which combinations of factor levels a study runs. Each yields points, dicts of factor to level."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from math import prod
from typing import Literal

from suite.trial import Level

Factors = Mapping[str, Sequence[Level]]
Point = dict[str, Level]
DesignName = Literal["factorial", "one_at_a_time"]


def factorial(factors: Factors, reference: Point) -> Iterator[Point]:
    """Every combination of levels: shows how factors interact."""
    for levels in product(*factors.values()):
        yield dict(zip(factors, levels, strict=True))


def one_at_a_time(factors: Factors, reference: Point) -> Iterator[Point]:
    """The reference, then each factor moved alone: shows what each is worth there, and no interaction."""
    yield dict(reference)
    for name, levels in factors.items():
        yield from ({**reference, name: level} for level in levels if level != reference[name])


DESIGNS: dict[DesignName, Callable[[Factors, Point], Iterator[Point]]] = {
    "factorial": factorial,
    "one_at_a_time": one_at_a_time,
}


def points(design: DesignName, factors: Factors) -> int:
    """How many points the design has, counted without making them."""
    if design == "factorial":
        return prod(len(levels) for levels in factors.values())
    return 1 + sum(len(levels) - 1 for levels in factors.values())
