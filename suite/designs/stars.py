"""One factor moved at a time, from the plain end, from the full recipe, or from both."""

from collections.abc import Iterator
from itertools import chain

from suite.designs.point import Factors, Point
from suite.trial import Level


def one_at_a_time(factors: Factors) -> Iterator[Point]:
    """All factors at their first level, then each moved alone: what each is worth there, and no interaction."""
    yield from _star(factors, {name: levels[0] for name, levels in factors.items()})


def leave_one_out(factors: Factors) -> Iterator[Point]:
    """The full recipe, all factors at their last level, then each moved away alone: what the recipe loses by it."""
    yield from _star(factors, {name: levels[-1] for name, levels in factors.items()})


def both_ends(factors: Factors) -> Iterator[Point]:
    """One at a time and leave one out: where the two differ on a factor, it interacts with others."""
    seen = set[tuple[Level, ...]]()
    for point in chain(one_at_a_time(factors), leave_one_out(factors)):
        if (levels := tuple(point.values())) not in seen:
            seen.add(levels)
            yield point


def size(factors: Factors) -> int:
    """How many points one star has."""
    return 1 + sum(len(levels) - 1 for levels in factors.values())


def size_of_both(factors: Factors) -> int:
    """How many points the two stars have together: with up to two factors that move, some are points of both."""
    moving = sum(len(levels) > 1 for levels in factors.values())
    common = size(factors) if moving < 2 else 2 if moving == 2 else 0
    return 2 * size(factors) - common


def _star(factors: Factors, centre: Point) -> Iterator[Point]:
    yield dict(centre)
    for name, levels in factors.items():
        yield from ({**centre, name: level} for level in levels if level != centre[name])
