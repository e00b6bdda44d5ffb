"""Who looks how: an entity keeps its colour and its marker on every page, whatever is filtered out.

There are 6 colours and 7 markers: as they share no divisor, 42 entities pass before a pair comes again.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dashboard.theme import Palette
from suite import catalog

MARKERS = ("circle", "square", "triangle-up", "diamond", "triangle-down", "cross", "triangle-right")
DASHES = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [12, 4], [4, 2, 1, 2])


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
    dashes: tuple[list[int], ...] = ()  # of lines, where these have any


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


def of_arms(names: Sequence[str], owners: Mapping[str, str], palette: Palette) -> Looks:
    """Looks of arms, each of an architecture: `owners` has all of them in the study's order.

    Arms look like their architecture, and those of the same colour differ in their dashes. Where all are of one
    architecture, each has the look of its place among that one's arms instead.
    """
    if len({owners[name] for name in names}) == 1:
        mine = [name for name, owner in owners.items() if owner == owners[names[0]]]
        alone = _looks(list(names), mine, palette)
        return Looks(alone.names, alone.colours, alone.markers, tuple(DASHES[0] for _ in names))
    theirs = of_architectures([owners[name] for name in names], palette)
    found = [theirs.names.index(owners[name]) for name in names]
    colours, markers = (tuple(values[place] for place in found) for values in (theirs.colours, theirs.markers))
    return dashed(Looks(tuple(names), colours, markers))


def dashed(looks: Looks) -> Looks:
    """The same as lines, of which those of one colour differ in their dashes."""
    before: Counter[str] = Counter()
    dashes = []
    for one in looks.colours:
        dashes.append(DASHES[before[one] % len(DASHES)])
        before[one] += 1
    return Looks(looks.names, looks.colours, looks.markers, tuple(dashes))


def _looks(names: list[str], order: list[str], palette: Palette) -> Looks:
    found = [look(order.index(name), palette) for name in names]
    return Looks(tuple(names), tuple(one.colour for one in found), tuple(one.marker for one in found))
