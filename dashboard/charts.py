"""Charts: a table of suite.analysis in, an Altair chart out, with a description that tells its finding in words."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from dashboard import colours, findings, words
from dashboard.marks import (
    SIGNED,
    VALID_INTERVAL,
    axis,
    band,
    bare,
    bracket,
    colour,
    finished,
    marker,
    near,
    numbered,
    ties,
    tip,
    zero,
)
from dashboard.theme import Palette
from suite.analysis import text
from suite.analysis.contrast import ALL

ROOMY, DENSE = 34, 22  # pixels of a row, of few and of many
FEW = 20  # rows that have room
LINE = 2
POINT = 90
LANES = 6  # of ties that have room beside a chart; more are in the table only
AXIS = 56  # height of a horizontal axis with its title


def ranks(board: pd.DataFrame, palette: Palette, beside: pd.DataFrame | None = None) -> alt.LayerChart:
    """Who leads: a row per ranked architecture, with a bar beside those that cannot be told apart.

    What stands `beside` them, with its `name` and its score, follows in grey and has no rank.
    """
    rows = board[board["rank_low"].notna()].reset_index(drop=True)
    rows = rows.assign(row=rows.index, score=words.scores(rows), rank=words.ranks(rows))
    others = _beside(beside, len(rows))
    looks = colours.of_architectures(rows["architecture"], palette)
    unit = " / ".join(rows["unit"].unique())
    labels = [f"{rank}   {name}" for rank, name in zip(rows["rank"], rows["architecture"], strict=True)]
    labels += list(others["name"])
    numbers = ["low", "mean", "high"]
    scale = near(pd.concat([rows[numbers], others[numbers]]))
    low, mean = (alt.X(f"{name}:Q", title=unit, scale=scale, axis=axis(palette)) for name in ("low", "mean"))
    y = numbered(labels, palette)
    entries = alt.Chart(rows).encode(
        y=y,
        color=colour("architecture", looks),
        tooltip=[tip("architecture"), tip("rank"), tip("score", unit), tip("n_seeds", "seeds")],
    )
    grey = alt.Chart(others).encode(y=y, color=alt.value(palette.muted), tooltip=[tip("name"), tip("score", unit)])
    layers = [
        entries.transform_filter(VALID_INTERVAL).mark_rule(strokeWidth=LINE).encode(x=low, x2="high:Q"),
        entries.mark_point(size=POINT, filled=True, opacity=1).encode(x=mean, shape=marker("architecture", looks)),
    ]
    if len(others):
        layers += [
            grey.transform_filter(VALID_INTERVAL).mark_rule(strokeWidth=1.5).encode(x=low, x2="high:Q"),
            grey.mark_point(size=POINT, filled=False, opacity=1, strokeWidth=1.5).encode(x=mean),
        ]
    tied = ties(rows)
    if len(tied) <= LANES:
        layers += [layer for lane, tie in enumerate(tied) for layer in bracket(tie, lane, labels, palette)]
    return finished(layers, _row(len(labels)) * len(labels) + AXIS, findings.standing(board))


def _beside(beside: pd.DataFrame | None, first: int) -> pd.DataFrame:
    """Rows below the ranked ones."""
    if beside is None or beside.empty:
        return pd.DataFrame({"name": [], "low": [], "mean": [], "high": []})
    rows = beside.reset_index(drop=True)
    return rows.assign(row=rows.index + first, score=words.scores(rows))


def forest(
    effects: pd.DataFrame, levels: Sequence[object], palette: Palette, by: str = "task", margin: float = 0.0
) -> alt.LayerChart:
    """What a factor does: per level a diamond for the pool and a row for each part; left of the line is worse.

    A band marks differences smaller than the `margin`, if there is one.
    """
    rows = words.by_level(effects, levels, by)
    rows = rows.assign(row=rows.index, level=rows["level"].map(str), text=words.effects(rows), pool=rows[by] == ALL)
    pools = rows[rows["pool"]]
    labels = [str(row["level"] if row["pool"] or not len(pools) else row[by]) for _, row in rows.iterrows()]
    title = f"difference from {_reference(rows)}"
    scale = near(rows[["low", "effect", "high"]], 0.0, -margin, margin)
    x = alt.X("low:Q", title=title, scale=scale, axis=axis(palette, SIGNED))
    entries = alt.Chart(rows).encode(
        y=numbered(labels, palette, [int(row) for row in pools["row"]]),
        color=colour("level", colours.of_levels(levels[1:], levels, palette)),
        tooltip=[
            tip("level"),
            tip(by),
            tip("text", "effect"),
            tip("unit"),
            tip("n_pairs", "pairs"),
            tip("verdict"),
        ],
    )
    layers = [
        *([band(margin, x, palette)] if margin else []),
        zero(palette, "x"),
        entries.transform_filter(VALID_INTERVAL).mark_rule(strokeWidth=LINE).encode(x=x, x2="high:Q"),
        entries.mark_point(filled=True, opacity=1).encode(
            x=alt.X("effect:Q", title=title, scale=scale, axis=axis(palette, SIGNED)),
            shape=alt.when(alt.datum.pool).then(alt.value("diamond")).otherwise(alt.value("circle")),
            size=alt.when(alt.datum.pool).then(alt.value(230)).otherwise(alt.value(55)),
        ),
    ]
    return finished(layers, 0.85 * _row(len(rows)) * len(rows) + AXIS, _told(pools if len(pools) else rows, "level"))


def dependence(
    simple: pd.DataFrame, by: str, settings: Sequence[object], levels: Sequence[object], palette: Palette
) -> alt.LayerChart:
    """How one factor's effects depend on another: if they do not, every line is level."""
    order = [str(setting) for setting in settings]
    rows = simple.assign(level=simple["level"].map(str), at=simple[by].map(str), text=words.effects(simple))
    rows = rows.assign(which=rows["level"] + f" at {by} " + rows["at"], place=rows["at"].map(order.index))
    looks, title = colours.of_levels(levels[1:], levels, palette), f"difference from {_reference(rows)}"
    base = alt.Chart(rows).encode(
        x=alt.X("at:N", title=by, sort=order, axis=bare(palette)),
        xOffset=alt.XOffset("level:N", sort=list(looks.names), scale=alt.Scale(paddingOuter=1)),
        color=colour("level", looks, legend=True),
        tooltip=[tip("at", by), tip("level"), tip("text", "effect"), tip("n_pairs", "pairs"), tip("verdict")],
    )
    y = alt.Y("effect:Q", title=title, axis=axis(palette, SIGNED))
    layers = [
        zero(palette, "y"),
        base.mark_line(strokeWidth=1.5, opacity=0.6).encode(y=y, order="place:Q"),
        base.transform_filter(VALID_INTERVAL)
        .mark_rule(strokeWidth=LINE)
        .encode(y=alt.Y("low:Q", title=title, axis=axis(palette, SIGNED)), y2="high:Q"),
        base.mark_point(size=POINT, filled=True, opacity=1).encode(y=y, shape=marker("level", looks, legend=True)),
    ]
    return finished(layers, 300, _told(rows, "which"))


def curve(points: pd.DataFrame, value: str, title: str, palette: Palette) -> alt.LayerChart:
    """How one number moved while a trial trained."""
    base = alt.Chart(points).encode(
        x=alt.X("step:Q", title="step", axis=axis(palette, grid=False)),
        y=alt.Y(f"{value}:Q", title=title, scale=alt.Scale(zero=False), axis=axis(palette)),
        tooltip=[tip("step"), alt.Tooltip(f"{value}:Q", title=title, format=".4~g")],
    )
    first, last = points.iloc[0], points.iloc[-1]
    layers = [
        base.mark_line(color=palette.series[0], strokeWidth=LINE),
        base.mark_point(color=palette.series[0], filled=True, size=36, opacity=1),
    ]
    begin, end = (f"{text.number(at[value])} at step {at['step']:.0f}" for at in (first, last))
    return finished(layers, 200, f"{title} went from {begin} to {end}.")


def _row(rows: int) -> int:
    """The height of each of so many."""
    return ROOMY if rows <= FEW else DENSE


def _told(rows: pd.DataFrame, name: str) -> str:
    """Effects in words: batch +0.184 [+0.148, +0.221] better; ..."""
    return "; ".join(f"{row[name]} {row['text']} {row['verdict']}" for _, row in rows.iterrows())


def _reference(rows: pd.DataFrame) -> str:
    return f"{rows['factor'].iloc[0]} {rows['reference'].iloc[0]}" if len(rows) else "the reference"
