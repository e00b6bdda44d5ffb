"""Grids: a number in every cell, with a colour that says on which side of zero it is and how far."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from dashboard import words
from dashboard.marks import HYPHEN, bare, finished, heads, tip
from dashboard.theme import Palette
from suite.analysis import text

CELL = 34  # pixels
HEADS = 124  # height of a legend and column labels that lean
FAINT = 0.3  # of the colour that a decided cell would have
WHOLE = alt.Scale(type="band", paddingInner=0, paddingOuter=0)
UNDECIDED = ("inconclusive", "none seen")


def heat(effects: pd.DataFrame, order: Sequence[str], palette: Palette) -> alt.LayerChart:
    """Where a level helps: a cell per task and architecture; a dashed cell has no pair of finished runs."""
    cells = effects.assign(column=effects["architecture"], line=effects["task"])
    known = int(effects["effect"].notna().sum())
    said = f"{known} of {len(cells)} cells of task and architecture have an effect{_spread(effects)}."
    lines = list(dict.fromkeys(cells["line"]))
    return _grid(
        cells, [name for name in order if name in set(cells["column"])], lines, ("architecture", "task"), said, palette
    )


def matrix(interactions: pd.DataFrame, palette: Palette) -> alt.LayerChart:
    """Which tricks depend on each other: a cell for every two changes, with how much more they give together."""
    cells = interactions.assign(column=words.moves(interactions, "a"), line=words.moves(interactions, "b"))
    decided = int((~cells["verdict"].isin(UNDECIDED) & cells["effect"].notna()).sum())
    said = f"{decided} of {len(cells)} interactions are decided{_spread(cells)}."
    columns, lines = (list(dict.fromkeys(cells[name])) for name in ("column", "line"))
    return _grid(cells, columns, lines, ("change", "together with"), said, palette)


def _grid(
    cells: pd.DataFrame,
    columns: Sequence[str],
    lines: Sequence[str],
    names: tuple[str, str],
    said: str,
    palette: Palette,
) -> alt.LayerChart:
    kept = cells[["column", "line", "effect", "unit", "n_pairs", "verdict"]]
    decided = ~cells["verdict"].isin(UNDECIDED)
    rows = kept.assign(shown=cells["effect"].map(short), text=words.effects(cells), decided=decided)
    base = alt.Chart(rows).encode(
        x=alt.X("column:N", title=None, sort=list(columns), axis=heads(palette, list(columns)), scale=WHOLE),
        y=alt.Y("line:N", title=None, sort=list(lines), axis=bare(palette), scale=WHOLE),
        tooltip=[
            tip("line", names[1]),
            tip("column", names[0]),
            tip("text", "effect"),
            tip("unit"),
            tip("n_pairs", "pairs"),
            tip("verdict"),
        ],
    )
    layers = [
        base.transform_filter("isValid(datum.effect)")
        .mark_rect(cornerRadius=4, stroke=palette.ground, strokeWidth=3)
        .encode(
            color=_colour(rows, palette),
            opacity=alt.when(alt.datum.decided).then(alt.value(1)).otherwise(alt.value(FAINT)),
        ),
        base.transform_filter("!isValid(datum.effect)").mark_rect(
            color=palette.ground, stroke=palette.muted, strokeDash=[3, 3], cornerRadius=4
        ),
        base.transform_filter("datum.decided")
        .mark_text(fontSize=13, fontWeight=600, color=palette.ink)
        .encode(text="shown:N"),
        base.transform_filter("!datum.decided").mark_text(fontSize=13, color=palette.muted).encode(text="shown:N"),
    ]
    return finished(layers, CELL * max(len(lines), 1) + HEADS, said)


def _colour(rows: pd.DataFrame, palette: Palette) -> alt.Color:
    reach = float(rows["effect"].abs().max()) if rows["effect"].notna().any() else 1.0
    scale = alt.Scale(
        domain=[-reach, 0, reach], range=[palette.worse, palette.neutral, palette.better], interpolate="lab"
    )
    legend = alt.Legend(
        title=None, orient="top", format="+.2f", labelExpr=HYPHEN, gradientLength=150, gradientThickness=10
    )
    return alt.Color("effect:Q", scale=scale, legend=legend)


def short(effect: float) -> str:
    """An effect in a cell: +0.11, or a dash for none."""
    return "–" if effect != effect else text.hundredths(effect)


def _spread(rows: pd.DataFrame) -> str:
    if not rows["effect"].notna().any():
        return ""
    return f", from {short(rows['effect'].min())} to {short(rows['effect'].max())}"
