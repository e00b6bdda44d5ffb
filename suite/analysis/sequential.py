"""Looking more than once: how small p must be at each look so that all looks together err as often as one test would.

Group-sequential boundaries by the alpha spending function of Lan and DeMets (1983) that is like O'Brien and Fleming's
(1979): almost nothing is spent on early looks, so that the last one is nearly a plain test.

Axes: K looks, G grid points.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

GRID = 2001  # points, over EDGE standard deviations on either side
EDGE = 8.0


@dataclass(frozen=True)
class Looks:
    """When one looks, in seeds, and the two-sided p below which a difference is decided at each look."""

    seeds: tuple[int, ...]
    levels: tuple[float, ...]


def looks(seeds: Sequence[int], *, alpha: float = 0.05) -> Looks:
    """The looks after so many seeds, rising, with levels that err in a share `alpha` of all series together."""
    times = tuple(seeds)
    check(times)
    from scipy import stats  # takes a second, and only a study that is run until decided needs it

    return Looks(
        times, tuple(float(2 * stats.norm.sf(z)) for z in boundaries(tuple(n / times[-1] for n in times), alpha))
    )


def check(seeds: Sequence[int]) -> None:
    """Raise ValueError unless these can be looks."""
    if not seeds or seeds[0] < 2 or any(a >= b for a, b in pairwise(seeds)):
        raise ValueError(f"looks are taken after rising numbers of seeds, 2 at least; got {tuple(seeds)}")


def spent(time: float, alpha: float) -> float:
    """The error allowed up to this share of the last look: 2 - 2 Phi(z / sqrt(time)) on each side, all of it at 1."""
    from scipy import stats

    return float(4 * stats.norm.sf(stats.norm.isf(alpha / 4) / np.sqrt(time)))


@cache
def boundaries(times: tuple[float, ...], alpha: float) -> tuple[float, ...]:
    """|z| at each look beyond which the series ends, for a random walk seen at these shares of its length.

    The density of the walk is carried from look to look, without the part that has crossed.
    """
    found = list[float]()
    from scipy import stats

    walk_G = np.linspace(-EDGE, EDGE, GRID)
    step = walk_G[1] - walk_G[0]
    density_G: Floats | None = None
    before = 0.0
    for time in times:
        own = np.sqrt(time - before)
        if density_G is None:
            density_G = stats.norm.pdf(walk_G, scale=own)
        else:
            density_G = (density_G @ stats.norm.pdf(walk_G[None, :] - walk_G[:, None], scale=own)) * step
        allowed = spent(time, alpha) - (spent(before, alpha) if before else 0.0)
        edge = _edge(walk_G, density_G, allowed)
        found.append(edge / np.sqrt(time))
        density_G = np.where(np.abs(walk_G) < edge, density_G, 0.0)
        before = time
    return tuple(found)


def _edge(walk_G: Floats, density_G: Floats, allowed: float) -> float:
    """How far out the walk has just the allowed share of its mass, on both sides."""
    from scipy import optimize

    tail_G = np.cumsum((density_G + density_G[::-1])[::-1])[::-1] * (walk_G[1] - walk_G[0])
    upper = walk_G >= 0
    mass_G = tail_G[upper] - 0.5 * (density_G + density_G[::-1])[upper] * (walk_G[1] - walk_G[0])
    return float(optimize.brentq(lambda edge: np.interp(edge, walk_G[upper], mass_G) - allowed, 0.0, EDGE))
