"""The designs by name, and how many points each has."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from math import prod
from typing import Literal

from suite.designs import optimal, stars
from suite.designs.controlled import SETTINGS, random_controlled
from suite.designs.crossed import factorial
from suite.designs.fractional import plackett_burman, resolution
from suite.designs.optimal import allowed, d_optimal
from suite.designs.point import Factors, Point
from suite.designs.stars import both_ends, leave_one_out, one_at_a_time

DesignName = Literal[
    "factorial",
    "one_at_a_time",
    "leave_one_out",
    "both_ends",
    "resolution_3",
    "resolution_4",
    "resolution_5",
    "plackett_burman",
    "d_optimal",
    "random_controlled",
]
DESIGNS: dict[DesignName, Callable[[Factors], Iterator[Point]]] = {
    "factorial": factorial,
    "one_at_a_time": one_at_a_time,
    "leave_one_out": leave_one_out,
    "both_ends": both_ends,
    "resolution_3": partial(resolution, number=3),
    "resolution_4": partial(resolution, number=4),
    "resolution_5": partial(resolution, number=5),
    "plackett_burman": plackett_burman,
    "d_optimal": d_optimal,
    "random_controlled": random_controlled,
}
FRACTIONS: frozenset[str] = frozenset({"resolution_3", "resolution_4", "resolution_5", "plackett_burman", "d_optimal"})


def design(name: DesignName, factors: Factors, forbidden: Sequence[Point] = ()) -> Iterator[Point]:
    """The points of a design, each once, without those that have a forbidden combination of levels.

    Raises ValueError if the factors do not fit the design.
    """
    if name == "d_optimal":
        return d_optimal(factors, forbidden)
    return (point for point in DESIGNS[name](factors) if allowed(point, forbidden))


def leaves_any(name: DesignName, factors: Factors, forbidden: Sequence[Point]) -> bool:
    """Whether the design has a point without a forbidden combination.

    Raises ValueError if what is left does not fit the design.
    """
    if name == "d_optimal":
        return bool(optimal.candidates(factors, forbidden))
    return any(True for _ in design(name, factors, forbidden))


def points(name: DesignName, factors: Factors) -> int:
    """How many points the design has at most, counted without making them where they can be many.

    Raises ValueError if the factors do not fit the design.
    """
    counts = [len(levels) for levels in factors.values()]
    match name:
        case "factorial":
            return prod(counts)
        case "random_controlled":
            return counts[0] * min(SETTINGS, prod(counts[1:])) if counts else 1
        case "one_at_a_time" | "leave_one_out":
            return stars.size(factors)
        case "both_ends":
            return stars.size_of_both(factors)
        case "d_optimal":
            return optimal.size(factors)
        case "resolution_3" | "resolution_4" | "resolution_5" | "plackett_burman":
            return sum(1 for _ in DESIGNS[name](factors))
