"""Every combination of levels."""

from collections.abc import Iterator
from itertools import product

from suite.designs.point import Factors, Point


def factorial(factors: Factors) -> Iterator[Point]:
    """Shows how factors interact, all of them."""
    for levels in product(*factors.values()):
        yield dict(zip(factors, levels, strict=True))


def numbered(factors: Factors, number: int) -> Point:
    """The combination of that number in the order of `factorial`, without making the others."""
    point: Point = {}
    for name, levels in reversed(list(factors.items())):
        number, place = divmod(number, len(levels))
        point[name] = levels[place]
    return {name: point[name] for name in factors}
