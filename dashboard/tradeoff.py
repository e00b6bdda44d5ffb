"""The trade-off: score against cost, with the front of those that nobody beats for less."""

from collections.abc import Sequence
from typing import Any, Literal

import altair as alt
import numpy as np
import pandas as pd

from dashboard import colours, findings, words
from dashboard.amounts import Amount
from dashboard.colours import Looks
from dashboard.marks import VALID_INTERVAL, axis, finished, near, tip
from dashboard.theme import Palette

HEIGHT = 420
LINE = 2
NAMED = 12  # points that have room for their names
SIDES: tuple[Literal["left", "right"], ...] = ("left", "right")
RIGHT = 0.6  # of the width; names of points beyond it stand on their left


def front(entries: pd.DataFrame, amount: Amount, looks: Looks, palette: Palette) -> alt.LayerChart:
    """Is it worth it: a point per competitor, the front joined and named, the others grey."""
    rows = entries[entries["paid"] > 0].reset_index(drop=True)
    rows = rows.assign(text=words.scores(rows), cost=rows["paid"].map(amount), right=_right(rows))
    bounds = rows[["least", "paid", "most"]].to_numpy(dtype=float)
    scale = alt.Scale(type="log", nice=False, domain=[np.nanmin(bounds) / 1.15, np.nanmax(bounds) * 1.15])
    height = near(rows[["low", "mean", "high"]])
    unit = " / ".join(rows["unit"].unique())
    paid, least = (
        alt.X(
            f"{name}:Q",
            title=f"{amount.label}, logarithmic",
            scale=scale,
            axis=axis(palette, amount.format, grid=False),
        )
        for name in ("paid", "least")
    )
    mean, low = (alt.Y(f"{name}:Q", title=unit, scale=height, axis=axis(palette)) for name in ("mean", "low"))
    shades = alt.Color("competitor:N", scale=_scale(looks.names, looks.colours), legend=None)
    shapes = alt.Shape("competitor:N", scale=_scale(looks.names, looks.markers), legend=None)
    tips = [tip("competitor"), tip("text", unit), tip("cost"), tip("front", "on the front"), tip("n_seeds", "seeds")]
    every = alt.Chart(rows).encode(color=alt.when(alt.datum.front).then(shades).otherwise(alt.value(palette.muted)))
    best = alt.Chart(rows[rows["front"]])
    layers = [
        best.mark_line(interpolate="step-after", strokeWidth=1.5, strokeDash=[5, 4], color=palette.muted).encode(
            x=paid, y=mean, order="paid:Q"
        ),
        every.transform_filter(VALID_INTERVAL)
        .mark_rule(strokeWidth=LINE, opacity=0.7)
        .encode(x=paid, y=low, y2="high:Q"),
        every.mark_rule(strokeWidth=LINE, opacity=0.7).encode(x=least, x2="most:Q", y=mean),
        every.mark_point(filled=True, size=110, opacity=1).encode(x=paid, y=mean, shape=shapes, tooltip=tips),
    ]
    named = rows if len(rows) <= NAMED else rows[rows["front"]]
    if len(named) <= NAMED:
        halos = [_names(named, side, paid, mean, palette, halo=True) for side in SIDES]
        layers += [*halos, *(_names(named, side, paid, mean, palette) for side in SIDES)]
    return finished(layers, HEIGHT, findings.frontier(entries, amount))


def _names(
    rows: pd.DataFrame,
    side: Literal["left", "right"],
    paid: alt.X,
    mean: alt.Y,
    palette: Palette,
    *,
    halo: bool = False,
) -> alt.Chart:
    """Names beside points, on the side where there is room; or the ground around them, that they stand out from it."""
    wanted = rows[rows["right"] == (side == "right")]
    place: dict[str, Any] = {
        "align": side,
        "dx": -12 if side == "right" else 12,
        "dy": -10,
        "fontSize": 13,
        "limit": 260,
    }
    if halo:
        place |= {"stroke": palette.ground, "strokeWidth": 4, "strokeJoin": "round"}
    text = alt.Chart(wanted).mark_text(**place)
    ink = alt.when(alt.datum.front).then(alt.value(palette.ink)).otherwise(alt.value(palette.muted))
    return text.encode(x=paid, y=mean, text="competitor:N", color=ink)


def _right(rows: pd.DataFrame) -> pd.Series:
    place = np.log(rows["paid"])
    return (place - place.min()) > RIGHT * (place.max() - place.min() or 1.0)


def _scale(names: Sequence[str], values: Sequence[str]) -> alt.Scale:
    return alt.Scale(domain=list(names), range=list(values))


def looks(competitors: Sequence[str], order: Sequence[str], palette: Palette, *, architectures: bool) -> Looks:
    """Architectures look as everywhere; settings by their place among all of them."""
    if architectures:
        return colours.of_architectures(competitors, palette)
    return colours.of_levels(competitors, order, palette)
