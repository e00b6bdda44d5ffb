"""Charts: a table of suite.analysis in, an Altair chart out, with a description that tells its finding in words."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from dashboard import colours, words
from dashboard.marks import (
    FITTING,
    HYPHEN,
    SIGNED,
    VALID_INTERVAL,
    axis,
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

ROW = 34  # pixels
LINE = 2
POINT = 90
AXIS = 56  # height of a horizontal axis with its title
HEADS = 74  # height of a legend and column labels


def ranks(board: pd.DataFrame, palette: Palette) -> alt.LayerChart:
    """Who leads: a row per ranked architecture, with a bar beside those that cannot be told apart."""
    rows = board[board["rank_low"].notna()].reset_index(drop=True)
    rows = rows.assign(row=rows.index, score=words.scores(rows), rank=words.ranks(rows))
    looks = colours.of_architectures(rows["architecture"], palette)
    unit = " / ".join(rows["unit"].unique())
    labels = [f"{rank}   {name}" for rank, name in zip(rows["rank"], rows["architecture"], strict=True)]
    scale = near(rows[["low", "mean", "high"]])
    entries = alt.Chart(rows).encode(
        y=numbered(labels, palette),
        color=colour("architecture", looks),
        tooltip=[tip("architecture"), tip("rank"), tip("score", unit), tip("n_seeds", "seeds")],
    )
    layers = [
        entries.transform_filter(VALID_INTERVAL)
        .mark_rule(strokeWidth=LINE)
        .encode(x=alt.X("low:Q", title=unit, scale=scale, axis=axis(palette)), x2="high:Q"),
        entries.mark_point(size=POINT, filled=True, opacity=1).encode(
            x=alt.X("mean:Q", title=unit, scale=scale, axis=axis(palette)), shape=marker("architecture", looks)
        ),
    ]
    layers += [layer for lane, tie in enumerate(ties(rows)) for layer in bracket(tie, lane, labels, palette)]
    return finished(layers, ROW * len(rows) + AXIS, words.standing(board))


def forest(effects: pd.DataFrame, levels: Sequence[object], palette: Palette) -> alt.LayerChart:
    """What a factor does: per level a diamond for all tasks and a row for each; left of the line is worse."""
    rows = words.by_level(effects, levels)
    rows = rows.assign(row=rows.index, level=rows["level"].map(str), text=words.effects(rows))
    pooled = rows["task"] == ALL
    labels = [str(row["level"] if row["task"] == ALL else row["task"]) for _, row in rows.iterrows()]
    title = f"difference from {_reference(rows)}"
    scale = near(rows[["low", "effect", "high"]], 0.0)
    entries = alt.Chart(rows).encode(
        y=numbered(labels, palette, [int(row) for row in rows["row"][pooled]]),
        color=colour("level", colours.of_levels(levels[1:], levels, palette)),
        tooltip=[
            tip("level"),
            tip("task"),
            tip("text", "effect"),
            tip("unit"),
            tip("n_pairs", "pairs"),
            tip("verdict"),
        ],
    )
    layers = [
        zero(palette, "x"),
        entries.transform_filter(VALID_INTERVAL)
        .mark_rule(strokeWidth=LINE)
        .encode(x=alt.X("low:Q", title=title, scale=scale, axis=axis(palette, SIGNED)), x2="high:Q"),
        entries.mark_point(filled=True, opacity=1).encode(
            x=alt.X("effect:Q", title=title, scale=scale, axis=axis(palette, SIGNED)),
            shape=alt.when("datum.task === 'all'").then(alt.value("diamond")).otherwise(alt.value("circle")),
            size=alt.when("datum.task === 'all'").then(alt.value(230)).otherwise(alt.value(55)),
        ),
    ]
    return finished(layers, 0.85 * ROW * len(rows) + AXIS, _told(rows[pooled] if pooled.any() else rows, "level"))


def heat(effects: pd.DataFrame, palette: Palette) -> alt.LayerChart:
    """Where a level helps: a cell per task and architecture; a dashed cell has no pair of finished runs."""
    cells = effects.assign(shown=effects["effect"].map(_short), text=words.effects(effects))
    reach = float(effects["effect"].abs().max()) if effects["effect"].notna().any() else 1.0
    scale = alt.Scale(
        domain=[-reach, 0, reach], range=[palette.worse, palette.neutral, palette.better], interpolate="lab"
    )
    legend = alt.Legend(
        title=None, orient="top", format="+.2f", labelExpr=HYPHEN, gradientLength=150, gradientThickness=10
    )
    base = alt.Chart(cells).encode(
        x=alt.X("architecture:N", title=None, axis=bare(palette, orient="top", labelExpr=FITTING)),
        y=alt.Y("task:N", title=None, axis=bare(palette)),
        tooltip=[tip("task"), tip("architecture"), tip("text", "effect"), tip("unit"), tip("verdict")],
    )
    ink = alt.when("datum.verdict === 'inconclusive'").then(alt.value(palette.muted)).otherwise(alt.value(palette.ink))
    layers = [
        base.transform_filter("isValid(datum.effect)")
        .mark_rect(cornerRadius=4, stroke=palette.ground, strokeWidth=3)
        .encode(color=alt.Color("effect:Q", scale=scale, legend=legend)),
        base.transform_filter("!isValid(datum.effect)").mark_rect(
            color=palette.ground, stroke=palette.muted, strokeDash=[3, 3], cornerRadius=4
        ),
        base.mark_text(fontSize=13).encode(text="shown:N", color=ink),
    ]
    known = int(effects["effect"].notna().sum())
    spread = f", from {_short(effects['effect'].min())} to {_short(effects['effect'].max())}" if known else ""
    words_for_it = f"{known} of {len(cells)} cells of task and architecture have an effect{spread}."
    return finished(layers, 1.3 * ROW * cells["task"].nunique() + HEADS, words_for_it)


def dependence(
    simple: pd.DataFrame, by: str, settings: Sequence[object], levels: Sequence[object], palette: Palette
) -> alt.LayerChart:
    """How one factor's effects depend on another: if they did not, a level would stand equally high everywhere."""
    rows = simple.assign(level=simple["level"].map(str), at=simple[by].map(str), text=words.effects(simple))
    rows = rows.assign(which=rows["level"] + f" at {by} " + rows["at"])
    looks, title = colours.of_levels(levels[1:], levels, palette), f"difference from {_reference(rows)}"
    base = alt.Chart(rows).encode(
        x=alt.X("at:N", title=by, sort=[str(level) for level in settings], axis=bare(palette)),
        xOffset=alt.XOffset("level:N", sort=list(looks.names), scale=alt.Scale(paddingOuter=1)),
        color=colour("level", looks, legend=True),
        tooltip=[tip("at", by), tip("level"), tip("text", "effect"), tip("n_pairs", "pairs"), tip("verdict")],
    )
    layers = [
        zero(palette, "y"),
        base.transform_filter(VALID_INTERVAL)
        .mark_rule(strokeWidth=LINE)
        .encode(y=alt.Y("low:Q", title=title, axis=axis(palette, SIGNED)), y2="high:Q"),
        base.mark_point(size=POINT, filled=True, opacity=1).encode(
            y=alt.Y("effect:Q", title=title, axis=axis(palette, SIGNED)), shape=marker("level", looks, legend=True)
        ),
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


def _told(rows: pd.DataFrame, name: str) -> str:
    """Effects in words: batch +0.184 [+0.148, +0.221] better; ..."""
    return "; ".join(f"{row[name]} {row['text']} {row['verdict']}" for _, row in rows.iterrows())


def _short(effect: float) -> str:
    """An effect in a cell: +0.11, or a dash for none."""
    return "–" if effect != effect else f"{effect:+.2f}"


def _reference(rows: pd.DataFrame) -> str:
    return f"{rows['factor'].iloc[0]} {rows['reference'].iloc[0]}" if len(rows) else "the reference"
