"""Parts of charts: numbered rows, scales near the data, zero lines, and entities in their colour and marker."""

import json
from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from dashboard.colours import Looks
from dashboard.theme import Palette

LABELS = 180  # pixels for row labels
TEXT = 13  # pixels
BAND = 0.42  # rows to either side
LANE = 20  # pixels
HYPHEN = r"datum.value === 0 ? '0' : replace(datum.label, '\u2212', '-')"  # as in every text of the analysis
LETTER = 8  # pixels
NARROW, WIDE = 56, 110  # pixels of a column: too few for any name, and enough for what there is to see of one
SIGNED = "+f"  # as many decimals as the ticks need
VALID_INTERVAL = "isValid(datum.low) && isValid(datum.high)"


class Drawing(alt.LayerChart):
    """A chart of layers that is checked against Vega-Lite's schema only when that is asked for.

    The check takes as long as all else that a page does. Tests ask for it, for every chart; a page does not.
    """

    def to_dict(self, validate: bool = False, **rest: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().to_dict(validate, **rest)
        return found


def finished(layers: Sequence[alt.Chart], height: float, description: str) -> Drawing:
    """One chart as wide as its place, with the words that stand for it."""
    chart = Drawing(layer=list(layers))
    return chart.properties(height=round(height), width="container", description=description)


def numbered(
    labels: Sequence[str], palette: Palette, strong: Sequence[int] = (), field: str = "row", limit: int = LABELS
) -> alt.Y:
    """Rows by their number, from above, each with its label of `limit` pixels; so a band can span several of them.

    Layers on the same rows must all say so, or Vega-Lite mixes this axis with one of its own.
    """
    inside = f"indexof({json.dumps(list(strong))}, datum.value) >= 0"
    weight = alt.condition(inside, alt.value("bold"), alt.value("normal"))
    rows = bare(palette, labelFontWeight=weight, values=list(range(len(labels))), labelOverlap=False)
    rows.labelExpr = f"{json.dumps(list(labels))}[datum.value]"
    rows.labelLimit = limit
    scale = alt.Scale(domain=[len(labels) - 0.5, -0.5], nice=False, zero=False)
    return alt.Y(f"{field}:Q", title=None, axis=rows, scale=scale)


def bare(palette: Palette, **settings: Any) -> alt.Axis:
    """An axis of names: only its labels."""
    plain: dict[str, Any] = {
        "domain": False,
        "ticks": False,
        "grid": False,
        "labelAngle": 0,
        "labelFlush": False,
        "labelPadding": 8,
        "labelLimit": LABELS,
    }
    return alt.Axis(labelFontSize=TEXT, labelColor=palette.ink, **plain, **settings)


def heads(palette: Palette, names: Sequence[str]) -> alt.Axis:
    """Names over columns, which lean where the columns are too narrow for them."""
    needed = min(max(NARROW, LETTER * max(map(len, names), default=0)), WIDE)
    fitting = f"bandwidth('x') < {needed} ? datum.label : truncate(datum.label, floor(bandwidth('x') / {LETTER}))"
    axis = bare(palette, orient="top", labelExpr=fitting, labelOverlap=False)
    axis.labelAngle = alt.ExprRef(expr=f"bandwidth('x') < {needed} ? -50 : 0")
    axis.labelAlign = alt.ExprRef(expr=f"bandwidth('x') < {needed} ? 'left' : 'center'")
    return axis


def axis(palette: Palette, format: str = "f", *, grid: bool = True) -> alt.Axis:
    """An axis of numbers: few, and readable."""
    return alt.Axis(
        format=format,
        grid=grid,
        labelExpr=HYPHEN,
        tickCount=6,
        labelFontSize=TEXT - 1,
        titleFontSize=TEXT - 1,
        titleFontWeight="normal",
        labelColor=palette.muted,
        titleColor=palette.muted,
        gridColor=palette.edge,
    )


def near(numbers: pd.DataFrame, *also: float) -> alt.Scale:
    """A scale around the data with a little room, not one from zero."""
    values = [float(value) for value in (*numbers.to_numpy().ravel(), *also)]
    present = [value for value in values if value == value]
    low, high = (min(present), max(present)) if present else (0.0, 1.0)
    room = 0.06 * (high - low) or 0.05
    return alt.Scale(domain=[low - room, high + room], nice=False, zero=False)


def colour(field: str, looks: Looks, *, legend: bool = False) -> alt.Color:
    scale = alt.Scale(domain=list(looks.names), range=list(looks.colours))
    return alt.Color(f"{field}:N", scale=scale, legend=_legend(legend))


def marker(field: str, looks: Looks, *, legend: bool = False) -> alt.Shape:
    scale = alt.Scale(domain=list(looks.names), range=list(looks.markers))
    return alt.Shape(f"{field}:N", scale=scale, legend=_legend(legend))


def ties(rows: pd.DataFrame) -> list[pd.DataFrame]:
    """For each tie of two rows or more its letter, and from where to where it reaches."""
    members: dict[str, list[int]] = {}
    for place, group in enumerate(rows["tie_group"]):
        for letter in group:
            members.setdefault(letter, []).append(place)
    return [
        pd.DataFrame(
            {
                "tie": [letter],
                "first": [places[0] - BAND],
                "middle": [(places[0] + places[-1]) / 2],
                "last": [places[-1] + BAND],
            }
        )
        for letter, places in members.items()
        if len(places) > 1
    ]


def bracket(tie: pd.DataFrame, lane: int, labels: Sequence[str], palette: Palette) -> list[alt.Chart]:
    """A shaded bar beside the rows that tie, with their letter; ties that overlap stand in lanes."""
    left = LANE * lane + 6
    side, base = alt.value("width"), alt.Chart(tie)
    bar = base.mark_rect(color=palette.muted, opacity=0.25, cornerRadius=4, xOffset=left, x2Offset=left + LANE - 4)
    letter = base.mark_text(color=palette.ink, fontSize=12, xOffset=left + LANE / 2 - 2)
    return [
        bar.encode(y=numbered(labels, palette, field="first"), y2="last:Q", x=side, x2=side),
        letter.encode(y=numbered(labels, palette, field="middle"), x=side, text="tie:N"),
    ]


def tip(field: str, title: str | None = None) -> alt.Tooltip:
    return alt.Tooltip(f"{field}:N", title=title or field)


def band(margin: float, x: alt.X, palette: Palette) -> alt.Chart:
    """What is too near to zero to matter, on the horizontal axis of `x`."""
    place = x.copy()
    place.shorthand = "inside:Q"
    sides = alt.Chart(pd.DataFrame({"inside": [-margin], "outside": [margin]}))
    return sides.mark_rect(color=palette.muted, opacity=0.18).encode(x=place, x2="outside:Q")


def zero(palette: Palette, channel: str) -> alt.Chart:
    """The line of no difference."""
    line = alt.Chart(pd.DataFrame({"zero": [0.0]})).mark_rule(color=palette.muted, strokeWidth=1.5)
    return line.encode(x=alt.X("zero:Q")) if channel == "x" else line.encode(y=alt.Y("zero:Q"))


def _legend(shown: bool) -> alt.Legend | None:
    return alt.Legend(title=None, orient="top", symbolSize=90, symbolOpacity=1, labelFontSize=13) if shown else None
