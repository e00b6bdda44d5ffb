"""D-optimal designs: the fewest points that tell all main effects apart well, for any levels and forbidden pairs.

Points are chosen by exchange so that the determinant of the information matrix is as large as found (Mitchell 1974).
"""

from collections.abc import Iterator, Sequence
from math import prod

from suite.designs.crossed import factorial
from suite.designs.point import Factors, Point

MOST_CANDIDATES = 20_000
RUNS_PER_EFFECT = 2  # points for every number that is estimated


def d_optimal(factors: Factors, forbidden: Sequence[Point] = ()) -> Iterator[Point]:
    """Twice as many points as there are main effects and a mean, none of which has a forbidden combination.

    Raises ValueError as `candidates` does.
    """
    found, wanted = candidates(factors, forbidden), runs(factors)
    if len(found) <= wanted:
        yield from found
        return
    import numpy as np
    from pydoe import optimal_design

    coded = np.array([_coded(factors, point) for point in found])
    chosen, _ = optimal_design(coded, wanted, 1, method="detmax")
    places = {tuple(row): place for place, row in reversed(list(enumerate(coded.tolist())))}
    for place in sorted({places[tuple(row)] for row in chosen.tolist()}):
        yield found[place]


def candidates(factors: Factors, forbidden: Sequence[Point]) -> list[Point]:
    """The points to choose from.

    Raises ValueError if there are too many, or too few to tell the effects apart.
    """
    size(factors)
    found = [point for point in factorial(factors) if allowed(point, forbidden)]
    if len(found) > runs(factors) and forbidden:
        import numpy as np

        coded = np.array([[1.0, *_coded(factors, point)] for point in found])
        if np.linalg.matrix_rank(coded) < coded.shape[1]:
            raise ValueError("what is not forbidden does not tell the factors apart")
    return found


def size(factors: Factors) -> int:
    """How many points it has at most. Raises ValueError if there are too many candidates."""
    candidates = prod(len(levels) for levels in factors.values())
    if candidates > MOST_CANDIDATES:
        raise ValueError(
            f"a D-optimal design chooses from at most {MOST_CANDIDATES:,} combinations; there are {candidates:,}"
        )
    return min(candidates, runs(factors))


def runs(factors: Factors) -> int:
    """Points wanted."""
    return RUNS_PER_EFFECT * (1 + sum(len(levels) - 1 for levels in factors.values()))


def allowed(point: Point, forbidden: Sequence[Point]) -> bool:
    """Whether the point has none of the forbidden combinations."""
    return not any(all(point.get(name) == level for name, level in pair.items()) for pair in forbidden)


def _coded(factors: Factors, point: Point) -> list[float]:
    """Sum coding: a column for every level but the first, which is -1 in all of them."""
    row = list[float]()
    for name, levels in factors.items():
        place = list(levels).index(point[name])
        row += [-1.0] * (len(levels) - 1) if place == 0 else [float(place == other) for other in range(1, len(levels))]
    return row
