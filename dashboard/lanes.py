"""What ran when: a row per slot, a bar per trial."""

import altair as alt
import pandas as pd

from dashboard import words
from dashboard.marks import axis, finished, numbered, tip
from dashboard.theme import Palette

ROW, AXIS = 30, 56  # pixels
THICK = 18
FEWEST = 3  # rows of height, so that one slot is no line


def timeline(bars: pd.DataFrame, palette: Palette, said: str) -> alt.LayerChart:
    """Bars of `suite.timeline.bars`; what did not finish is marked, and stretches are as dark as they were busy."""
    names = sorted(bars["slot"].unique())
    rows = bars.assign(row=bars["slot"].map(names.index), took=(bars["ended"] - bars["began"]).map(words.seconds))
    rows = rows.assign(share=rows["busy"].map("{:.0%}".format))
    whole = alt.Scale(domain=[0, float(rows["ended"].max())], nice=False)
    x, end = (
        alt.X(f"{name}:Q", title="seconds since the sweep began", scale=whole, axis=axis(palette))
        for name in ("began", "ended")
    )
    y = numbered([f"slot {name}" for name in names], palette, limit=70)
    single = "id" in rows
    of_trial = [tip("id", "trial"), tip("task"), tip("architecture"), tip("outcome"), tip("took")]
    tips = of_trial if single else [tip("share", "busy"), tip("trials", "trials ended")]
    dark = alt.Opacity("busy:Q", scale=alt.Scale(domain=[0, 1], range=[0, 1]), legend=None)
    edge = 0.5 if single else 0
    bar = alt.Chart(rows).encode(x=x, x2="ended:Q", y=y, tooltip=tips, opacity=dark)
    layers = [bar.mark_bar(height=THICK, color=palette.series[0], stroke=palette.ground, strokeWidth=edge)]
    if single:
        lost = alt.Chart(rows[rows["outcome"] != "finished"]).encode(y=y, tooltip=tips)
        mark = lost.mark_tick(orient="vertical", size=THICK + 10, thickness=1.5, color=palette.ink)
        layers += [
            lost.mark_bar(height=THICK, color=palette.series[1], stroke=palette.ground, strokeWidth=edge).encode(
                x=x, x2="ended:Q"
            ),
            mark.encode(x=end),
        ]
    return finished(layers, ROW * max(len(names), FEWEST) + AXIS, said)
