"""The forest of claims: every effect that a claim was judged by, with the band of what does not matter."""

import altair as alt
import pandas as pd

from dashboard import words
from dashboard.colours import Looks, look
from dashboard.marks import BAND, SIGNED, VALID_INTERVAL, axis, colour, finished, marker, near, numbered, tip, zero
from dashboard.theme import Palette
from dashboard.verdicts import VERDICTS
from suite.analysis import text

ROW = 28  # pixels
AXIS = 56
LINE = 2
TITLE = "effect, in the unit of its score"


def claims(judged: pd.DataFrame, palette: Palette) -> alt.LayerChart:
    """Who was right: a row per claim, its verdict in words, colour and marker; the band is the claim's margin."""
    rows = judged.reset_index(drop=True)
    rows = rows.assign(row=rows.index, text=words.effects(rows), inside=-rows["margin"])
    rows = rows.assign(above=rows["row"] - BAND, below=rows["row"] + BAND)
    labels = [f"{claim}  {verdict}" for claim, verdict in zip(rows["claim"], rows["verdict"], strict=True)]
    looks, scale = _looks(palette), near(rows[["low", "effect", "high", "margin", "inside"]], 0.0)
    low, effect, inside = (
        alt.X(f"{name}:Q", title=TITLE, scale=scale, axis=axis(palette, SIGNED)) for name in ("low", "effect", "inside")
    )
    entries = alt.Chart(rows).encode(
        y=numbered(labels, palette),
        color=colour("verdict", looks),
        tooltip=[tip("claim"), tip("says"), tip("text", "effect"), tip("unit"), tip("verdict"), tip("study")],
    )
    layers = [
        alt.Chart(rows)
        .transform_filter("datum.margin > 0")
        .mark_rect(color=palette.muted, opacity=0.22)
        .encode(x=inside, x2="margin:Q", y=numbered(labels, palette, field="above"), y2="below:Q"),
        zero(palette, "x"),
        entries.transform_filter(VALID_INTERVAL).mark_rule(strokeWidth=LINE).encode(x=low, x2="high:Q"),
        entries.mark_point(filled=True, size=90, opacity=1).encode(x=effect, shape=marker("verdict", looks)),
    ]
    said = "; ".join(f"{row['claim']} {row['verdict']} {row['text']}" for _, row in rows.iterrows())
    return finished(layers, ROW * len(rows) + AXIS, f"{text.count(len(rows), 'claim')}: {said}.")


def _looks(palette: Palette) -> Looks:
    found = [look(place, palette) for place in range(len(VERDICTS))]
    return Looks(VERDICTS, tuple(one.colour for one in found), tuple(one.marker for one in found))
