"""Two-level fractions of the factorial: many factors in few runs, at the price of aliases (Box and Hunter 1961).

What is mixed up with what is computed from the points by suite.analysis.aliases, not taken from here.
"""

from collections.abc import Iterator

from suite.designs.point import Factors, Point

MOST_FACTORS = 15  # that the search for generators answers at once


def resolution(factors: Factors, number: int) -> Iterator[Point]:
    """The smallest regular fraction of that resolution: III, IV or V. The first level of each factor is its low one.

    Raises ValueError for a factor that has not two levels.
    """
    two_levels(factors)
    if len(factors) < number:
        yield from _points(factors, _full(len(factors)))
        return
    from pydoe import fracfact_by_res  # imports scipy, which a study without a fraction does not need

    if len(factors) > MOST_FACTORS:
        raise ValueError(f"a fraction takes at most {MOST_FACTORS} factors; got {len(factors)}")
    yield from _points(factors, fracfact_by_res(len(factors), number).tolist())


def plackett_burman(factors: Factors) -> Iterator[Point]:
    """A Plackett-Burman screen and its mirror image, which clears main effects of pairs (Plackett and Burman 1946)."""
    two_levels(factors)
    if not factors:
        yield {}
        return
    from pydoe import fold, pbdesign

    seen = list[Point]()
    for point in _points(factors, fold(pbdesign(len(factors))).tolist()):
        if point not in seen:
            seen.append(point)
            yield point


def two_levels(factors: Factors) -> None:
    """Raise ValueError unless every factor has exactly two levels."""
    for name, levels in factors.items():
        if len(levels) != 2:
            raise ValueError(f"a two-level design takes factors of two levels; {name} has {len(levels)}")


def _full(count: int) -> list[list[float]]:
    return [[1.0 if number >> place & 1 else -1.0 for place in range(count)] for number in range(2**count)]


def _points(factors: Factors, signs: list[list[float]]) -> Iterator[Point]:
    for row in signs:
        yield {name: levels[int(sign > 0)] for (name, levels), sign in zip(factors.items(), row, strict=True)}
