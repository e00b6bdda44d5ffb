"""Charts of the page: numbers with their intervals, a row each, as SVG that tells its content in words too.

Colours are classes of the page's style, so that they follow its light and dark mode; shapes say the same as colours.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from suite.analysis import text
from suite.display import printable

WIDTH, ROW, HEAD, FOOT = 760, 30, 8, 44  # of the drawing; text is 13 high
LEFT, RIGHT = 230, 560  # where numbers begin and end; labels stand before, words after
LONGEST = 30  # characters of a label
TICKS = 5
SHAPES = {
    "better": "M-6 5L0 -6L6 5Z",
    "worse": "M-6 -5L0 6L6 -5Z",
    "equivalent": "M-5 -5H5V5H-5Z",
}
CIRCLE = "M-5 0A5 5 0 1 0 5 0A5 5 0 1 0 -5 0Z"


@dataclass(frozen=True)
class Mark:
    """A row: its label, the number with its interval, that in words, and what it counts as. NaN is unknown."""

    label: str
    mean: float
    low: float
    high: float
    said: str
    kind: str = ""


def chart(id: str, title: str, unit: str, marks: Sequence[Mark], *, zero: bool = False) -> str:
    """The rows from above; with `zero`, around a line at 0."""
    scale = _Scale.around([value for mark in marks for value in (mark.mean, mark.low, mark.high)], zero)
    height = HEAD + ROW * len(marks) + FOOT
    told = "; ".join(f"{mark.label} {mark.said}{f' {mark.kind}' if mark.kind else ''}" for mark in marks)
    inside = [*_axis(scale, height, unit), *([_line(scale.x(0.0), height, "zero")] if zero else [])]
    inside += [part for place, mark in enumerate(marks) for part in _row(mark, HEAD + ROW * (place + 0.5), scale)]
    return (
        f'<svg role="img" viewBox="0 0 {WIDTH} {height}" aria-labelledby="{id}-title {id}-told">'
        f'<title id="{id}-title">{_safe(title)}</title><desc id="{id}-told">{_safe(told)}</desc>{"".join(inside)}</svg>'
    )


@dataclass(frozen=True)
class _Scale:
    low: float
    high: float

    @classmethod
    def around(cls, values: Sequence[float], zero: bool) -> "_Scale":
        known = [value for value in values if math.isfinite(value)] + ([0.0] if zero else [])
        low, high = (min(known), max(known)) if known else (0.0, 1.0)
        room = 0.06 * (high - low) or 0.05
        return cls(low - room, high + room)

    def x(self, value: float) -> float:
        return round(LEFT + (RIGHT - LEFT) * (value - self.low) / (self.high - self.low), 1)

    @property
    def ticks(self) -> list[float]:
        """Round numbers: steps of 1, 2 or 5 times a power of ten."""
        rough = (self.high - self.low) / TICKS
        power = 10.0 ** math.floor(math.log10(rough))
        step = next(size * power for size in (1, 2, 5, 10) if size * power >= rough)
        first = math.ceil(self.low / step)
        return [number * step for number in range(first, math.floor(self.high / step) + 1)]


def _axis(scale: _Scale, height: int, unit: str) -> list[str]:
    ticks, bottom = scale.ticks, height - FOOT
    places = max(0, -math.floor(math.log10(ticks[1] - ticks[0]) + 1e-9)) if len(ticks) > 1 else 3
    lines = [_line(scale.x(tick), height, "grid") for tick in ticks]
    numbers = [
        f'<text class="muted" x="{scale.x(tick)}" y="{bottom + 17}" text-anchor="middle">{tick:.{places}f}</text>'
        for tick in ticks
    ]
    title = f'<text class="muted" x="{(LEFT + RIGHT) / 2}" y="{bottom + 37}" text-anchor="middle">{_safe(unit)}</text>'
    return [*lines, *numbers, title]


def _line(x: float, height: int, kind: str) -> str:
    return f'<line class="{kind}" x1="{x}" y1="{HEAD}" x2="{x}" y2="{height - FOOT}"/>'


def _row(mark: Mark, y: float, scale: _Scale) -> list[str]:
    label = mark.label if len(mark.label) <= LONGEST else f"{mark.label[: LONGEST - 1]}…"
    parts = [
        f'<text x="{LEFT - 14}" y="{y + 4.5}" text-anchor="end">{_safe(label)}</text>',
        f'<text class="said" x="{RIGHT + 14}" y="{y + 4.5}">{_safe(mark.said)}</text>',
    ]
    kind = mark.kind if mark.kind in SHAPES else "plain" if not mark.kind else "open"
    if math.isfinite(mark.low) and math.isfinite(mark.high):
        ends = f'x1="{scale.x(mark.low)}" y1="{y}" x2="{scale.x(mark.high)}" y2="{y}"'
        parts.append(f'<line class="bar {kind}" {ends}/>')
    if math.isfinite(mark.mean):
        shape = SHAPES.get(mark.kind, CIRCLE)
        parts.append(f'<path class="mark {kind}" d="{shape}" transform="translate({scale.x(mark.mean)} {y})"/>')
    return parts


def _safe(said: str) -> str:
    return escape(printable(said))


def effect(label: str, mean: float, low: float, high: float, verdict: str) -> Mark:
    """A difference."""
    return Mark(label, mean, low, high, text.effect(mean, low, high), verdict)


def score(label: str, mean: float, low: float, high: float) -> Mark:
    """A level."""
    return Mark(label, mean, low, high, "missing" if math.isnan(mean) else text.score(mean, low, high))
