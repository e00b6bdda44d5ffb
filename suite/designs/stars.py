"""One factor moved at a time, from the plain end, from the full recipe, or from both."""

from collections.abc import Iterator

from suite.designs.point import Factors, Point


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


def _star(factors: Factors, centre: Point) -> Iterator[Point]:
    yield dict(centre)
    for name, levels in factors.items():
        yield from ({**centre, name: level} for level in levels if level != centre[name])
