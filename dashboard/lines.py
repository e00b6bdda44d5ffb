"""Lines over steps: learning curves with their bands, and the key that says which line is whose."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from dashboard.colours import Looks
from dashboard.marks import axis, finished, near, tip
from dashboard.theme import Palette
from suite.analysis import text

LINE = 2
ROW = 24  # pixels
MARGIN = 12
SAMPLE = 34  # pixels of line in the key
TALL, SMALL = 420, 300  # of a chart alone, and of one among many


def learning(
    means: pd.DataFrame,
    looks: Looks,
    names: tuple[str, str],
    palette: Palette,
    height: int,
    around: pd.DataFrame,
    traces: pd.DataFrame,
) -> alt.LayerChart:
    """How some arms learned: per arm the mean over seeds with its band, a marker at its end, and single runs if any.

    `names` are the task's and the measure's; the vertical scale holds the numbers `around`.
    """
    task, title = names
    x = alt.X("step:Q", title="step", axis=axis(palette, grid=False), scale=alt.Scale(nice=False, zero=False))
    scale = near(around)
    y = alt.Y("mean:Q", title=title, scale=scale, axis=axis(palette))
    shades, dashes = _colour(looks), _dash(looks)
    last = means[means["step"] == means.groupby("arm")["step"].transform("max")]
    tips = [tip("arm"), tip("step"), alt.Tooltip("mean:Q", title=title, format=".4~g"), tip("n", "runs")]
    base = alt.Chart(means).encode(x=x, color=shades)
    layers = [
        base.transform_filter("isValid(datum.low)")
        .mark_area(opacity=0.16)
        .encode(y=alt.Y("low:Q", title=title, scale=scale, axis=axis(palette)), y2="high:Q"),
        base.mark_line(strokeWidth=LINE).encode(y=y, strokeDash=dashes, tooltip=tips),
        alt.Chart(last)
        .mark_point(filled=True, size=70, opacity=1)
        .encode(x=x, y=y, color=shades, shape=_marker(looks), tooltip=tips),
    ]
    if len(traces):
        thin = (
            alt.Chart(traces)
            .mark_line(strokeWidth=1, opacity=0.7)
            .encode(
                x=x, y=alt.Y("value:Q", title=title, scale=scale, axis=axis(palette)), color=shades, detail="seed:N"
            )
        )
        layers.insert(1, thin)
    head = alt.TitleParams(task, anchor="start", fontSize=14, fontWeight=600, color=palette.ink)
    return finished(layers, height, _told(last, title)).properties(title=head)


def key(names: Sequence[str], looks: Looks, palette: Palette) -> alt.LayerChart:
    """Which line is whose: a row per arm, as wide as its place, so that no name is cut short of need."""
    rows = pd.DataFrame({"arm": list(names), "row": range(len(names))})
    scale = alt.Scale(domain=[len(names) - 0.5, -0.5], nice=False, zero=False)
    y = alt.Y("row:Q", axis=None, scale=scale)
    base = alt.Chart(rows).encode(y=y, color=_colour(looks))
    layers = [
        base.mark_rule(strokeWidth=LINE).encode(x=alt.value(0), x2=alt.value(SAMPLE), strokeDash=_dash(looks)),
        base.mark_point(filled=True, size=70, opacity=1).encode(x=alt.value(SAMPLE / 2), shape=_marker(looks)),
        alt.Chart(rows)
        .mark_text(align="left", fontSize=13, color=palette.ink, limit=alt.ExprRef(expr=f"width - {SAMPLE + 12}"))
        .encode(y=y, x=alt.value(SAMPLE + 10), text="arm:N"),
    ]
    return finished(
        layers, ROW * len(names) + MARGIN, f"The key to {text.count(len(names), 'line')}: {'; '.join(names)}."
    )


def _told(last: pd.DataFrame, title: str) -> str:
    ended = (
        f"{row['arm']} at {text.score(row['mean'], row['low'], row['high'])} after {row['step']:.0f} steps"
        for _, row in last.iterrows()
    )
    return f"{title} ended with {'; '.join(ended)}."


def _colour(looks: Looks) -> alt.Color:
    return alt.Color("arm:N", scale=alt.Scale(domain=list(looks.names), range=list(looks.colours)), legend=None)


def _marker(looks: Looks) -> alt.Shape:
    return alt.Shape("arm:N", scale=alt.Scale(domain=list(looks.names), range=list(looks.markers)), legend=None)


def _dash(looks: Looks) -> alt.StrokeDash:
    return alt.StrokeDash("arm:N", scale=alt.Scale(domain=list(looks.names), range=list(looks.dashes)), legend=None)
