"""Charts of a comparison: who stands where, how often above a score, who beats whom, and how many seeds would tell."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from dashboard.colours import Looks
from dashboard.marks import (
    SIGNED,
    VALID_INTERVAL,
    Drawing,
    axis,
    bracket,
    colour,
    finished,
    marker,
    near,
    numbered,
    ties,
    tip,
)
from dashboard.theme import Palette
from suite.analysis import text
from suite.analysis.needed import MOST, said

ROOMY, DENSE = 30, 20  # pixels of a row, of few and of many
FEW = 20  # rows that have room
AXIS = 56
LANES = 6
TALL = 380
EVEN = 0.5
ROOM = 0.06
PAIR = 300  # pixels for the names of two


def standing(rows: pd.DataFrame, title: str, looks: Looks, palette: Palette, *, signed: bool = False) -> Drawing:
    """A row per competitor in the table's order: `value`, with `low` and `high` if there are any, and `told` in words.

    A bar joins those that share a letter in `tie_group`, if there is such a column.
    """
    drawn = rows.reset_index(drop=True)
    drawn = drawn.assign(row=drawn.index)
    labels = list(drawn["competitor"])
    scale, form = near(drawn[["low", "value", "high"]]), axis(palette, SIGNED if signed else "f")
    value, low = (alt.X(f"{name}:Q", title=title, scale=scale, axis=form) for name in ("value", "low"))
    base = alt.Chart(drawn).encode(
        y=numbered(labels, palette),
        color=colour("competitor", looks),
        tooltip=[tip("competitor"), tip("told", title)],
    )
    layers = [
        base.transform_filter(VALID_INTERVAL).mark_rule(strokeWidth=2).encode(x=low, x2="high:Q"),
        base.mark_point(filled=True, size=80, opacity=1).encode(x=value, shape=marker("competitor", looks)),
    ]
    tied = ties(drawn) if "tie_group" in drawn else []
    if len(tied) <= LANES:
        layers += [layer for lane, tie in enumerate(tied) for layer in bracket(tie, lane, labels, palette)]
    first = drawn.iloc[0]
    counted = text.count(len(drawn), "competitor")
    return finished(
        layers, _height(len(drawn)), f"{first['competitor']} is first of {counted}: {title} {first['told']}."
    )


def profiles(rows: pd.DataFrame, named: Sequence[str], looks: Looks, palette: Palette) -> Drawing:
    """The share of runs above each score: those that are named with their bands, all others as grey lines.

    It begins a little before the first run is lost.
    """
    sunk = rows[rows["share"] < 1]["threshold"]
    begin = max(0.0, float(sunk.min()) - ROOM) if len(sunk) else 0.0
    shown = alt.Scale(domain=[begin, 1], nice=False)
    x = alt.X("threshold:Q", title="normalised score above", axis=axis(palette), scale=shown)
    y, low = (
        alt.Y(f"{name}:Q", title="share of runs", axis=axis(palette, "%"), scale=alt.Scale(domain=[0, 1]))
        for name in ("share", "low")
    )
    rows = rows[rows["threshold"] >= begin]
    mine, others = (rows[rows["competitor"].isin(named) == inside] for inside in (True, False))
    base = alt.Chart(mine).encode(x=x, color=colour("competitor", looks))
    dash = alt.Scale(domain=list(looks.names), range=list(looks.dashes))
    dots = alt.Chart(mine[(mine["threshold"] * 10 % 1).round(6).isin([0.0, 1.0])]).encode(x=x)
    layers = [
        alt.Chart(others)
        .mark_line(strokeWidth=1, color=palette.muted, opacity=0.35)
        .encode(x=x, y=y, detail="competitor:N"),
        base.transform_filter(VALID_INTERVAL).mark_area(opacity=0.14).encode(y=low, y2="high:Q"),
        base.mark_line(strokeWidth=2).encode(y=y, strokeDash=alt.StrokeDash("competitor:N", scale=dash, legend=None)),
        dots.mark_point(filled=True, size=60, opacity=1).encode(
            y=y,
            color=colour("competitor", looks),
            shape=marker("competitor", looks),
            tooltip=[tip("competitor"), tip("threshold", "above"), alt.Tooltip("share:Q", format=".1%")],
        ),
    ]
    place = min(mine["threshold"], key=lambda threshold: abs(threshold - (1 + begin) / 2))
    half = mine[mine["threshold"] == place]
    told = "; ".join(f"{row['competitor']} {row['share']:.0%}" for _, row in half.iterrows())
    return finished(layers, TALL, f"Runs above a normalised score of {place:.2f}: {told}.")


def chances(rows: pd.DataFrame, palette: Palette) -> Drawing:
    """How often the first of each pair is better with the same seed; at the line neither is."""
    drawn = rows.reset_index(drop=True)
    drawn = drawn.assign(row=drawn.index, low=drawn["improvement_low"], high=drawn["improvement_high"])
    labels = [f"than {name}" for name in drawn["other"]]
    title = f"how often {drawn['competitor'].iloc[0]} is better with the same seed"
    scale = near(drawn[["low", "improvement", "high"]], EVEN)
    value, low = (
        alt.X(f"{name}:Q", title=title, scale=scale, axis=axis(palette, "%")) for name in ("improvement", "low")
    )
    drawn = drawn.assign(sure=(drawn["low"] > EVEN) | (drawn["high"] < EVEN))
    shade = alt.when(alt.datum.sure).then(alt.value(palette.accent)).otherwise(alt.value(palette.muted))
    base = alt.Chart(drawn).encode(
        y=numbered(labels, palette),
        color=shade,
        tooltip=[tip("other"), alt.Tooltip("improvement:Q", format=".1%"), tip("n_tasks", "tasks"), tip("n_pairs")],
    )
    even = alt.Chart(pd.DataFrame({"even": [EVEN]})).mark_rule(color=palette.muted, strokeWidth=1.5)
    layers = [
        even.encode(x=alt.X("even:Q", title=title, scale=scale, axis=axis(palette, "%"))),
        base.transform_filter(VALID_INTERVAL).mark_rule(strokeWidth=2).encode(x=low, x2="high:Q"),
        base.mark_point(size=80, opacity=1, strokeWidth=2).encode(
            x=value, fill=alt.when(alt.datum.sure).then(alt.value(palette.accent)).otherwise(alt.value(palette.ground))
        ),
    ]
    sure = int(drawn["sure"].sum())
    said_of = f"{drawn['competitor'].iloc[0]} is more often better or worse than {sure} of {len(drawn)} others"
    return finished(layers, _height(len(drawn)), f"{said_of}, by 95% intervals that leave out a half.")


def seeds(board: pd.DataFrame, palette: Palette) -> Drawing:
    """Seeds that would probably tell neighbours in rank apart: a bar for each two that are not, cut off at the most."""
    ranked = board[board["rank_low"].notna()].reset_index(drop=True)
    below = ranked["architecture"].shift(-1)
    open_ = ranked["seeds_needed"].notna() & below.notna()
    drawn = pd.DataFrame(
        {
            "pair": [f"{one} from {other}" for one, other in zip(ranked["architecture"], below, strict=True)],
            "needed": ranked["seeds_needed"].astype("float64").clip(upper=MOST),
            "told": ranked["seeds_needed"].map(said),
            "now": ranked["n_seeds"],
        }
    )[open_.to_numpy()].reset_index(drop=True)
    drawn = drawn.assign(row=drawn.index, above=drawn.index - 0.3, below=drawn.index + 0.3, zero=0.0)
    labels = list(drawn["pair"])
    x = alt.X("zero:Q", title="seeds per task", axis=axis(palette), scale=alt.Scale(domain=[0, MOST * 1.08]))
    rows = numbered(labels, palette, field="above", limit=PAIR)
    base = alt.Chart(drawn).encode(tooltip=[tip("pair"), tip("told", "seeds"), tip("now", "seeds now")])
    layers = [
        base.mark_rect(color=palette.accent, opacity=0.55, cornerRadius=2).encode(
            x=x, x2="needed:Q", y=rows, y2="below:Q"
        ),
        base.mark_text(align="left", dx=6, fontSize=12, color=palette.ink).encode(
            x=alt.X("needed:Q", title="seeds per task", axis=axis(palette)),
            y=numbered(labels, palette, limit=PAIR),
            text="told:N",
        ),
    ]
    many = int((drawn["needed"] >= MOST).sum())
    told = f"{text.count(len(drawn), 'pair')} of neighbours not told apart; {many} would take {MOST} seeds or more."
    return finished(layers, _height(max(len(drawn), 1)), told)


def _height(rows: int) -> int:
    return (ROOMY if rows <= FEW else DENSE) * rows + AXIS
