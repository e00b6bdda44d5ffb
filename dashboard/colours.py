"""Who looks how: an entity keeps its colour and its marker on every page, whatever is filtered out.

There are 6 colours and 7 markers: as they share no divisor, 42 entities pass before a pair comes again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dashboard.theme import Palette
from suite import catalog

MARKERS = ("circle", "square", "triangle-up", "diamond", "triangle-down", "cross", "triangle-right")


@dataclass(frozen=True)
class Look:
    colour: str
    marker: str


@dataclass(frozen=True)
class Looks:
    """Names, each with its look, in a fixed order: the domain and ranges of a chart's scales."""

    names: tuple[str, ...]
    colours: tuple[str, ...]
    markers: tuple[str, ...]


def look(place: int, palette: Palette) -> Look:
    """The look of the entity at this place in the order of its kind."""
    return Look(palette.series[place % len(palette.series)], MARKERS[place % len(MARKERS)])


def of_architectures(names: Iterable[str], palette: Palette) -> Looks:
    """Looks of architectures by their place in the catalogue; names it does not know come after."""
    known = list(catalog.architecture_names())
    wanted = list(dict.fromkeys(names))
    return _looks(wanted, known + sorted(name for name in wanted if name not in known), palette)


def of_levels(names: Iterable[object], order: Sequence[object], palette: Palette) -> Looks:
    """Looks of a factor's levels by their place in the study's order, the reference included."""
    return _looks([str(name) for name in names], [str(level) for level in order], palette)


def _looks(names: list[str], order: list[str], palette: Palette) -> Looks:
    found = [look(order.index(name), palette) for name in names]
    return Looks(tuple(names), tuple(one.colour for one in found), tuple(one.marker for one in found))
