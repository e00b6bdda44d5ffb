"""The finding: a study's answer in one sentence, made from the numbers of the tables."""

import pandas as pd

from suite.analysis import text
from suite.analysis.effects import effects
from suite.analysis.interplay import interplay
from suite.analysis.layout import KNOWN_BY_ITSELF, Layout
from suite.analysis.price import price
from suite.analysis.ranking import leaderboard
from suite.analysis.scene import Scene, losses, sample, scene
from suite.analysis.table import Factors
from suite.analysis.wording import certainty, changing, clearest, largest, worth

SPELLED_OUT = 4  # effects or names given one by one; more are counted


def finding(table: pd.DataFrame, factors: Factors, *, layout: Layout = KNOWN_BY_ITSELF, margin: float = 0.0) -> str:
    """One sentence. With two factors or more: how the worth of the second depends on the first.

    With one factor, or where factors only move one at a time: the largest decided effect. With none:
    which architecture scores highest. Inconclusive is said where it is so.
    """
    told = scene(table, factors, layout)
    if not (told.blocks.rows["outcome"] == "finished").any():
        sentence = "nothing has finished yet, so there is no answer"
    elif not told.factors:
        sentence = _highest(told)
    else:
        sentence = interplay(told) or _largest(told, margin) or "no two runs that can be compared have finished"
    return f"{sentence[0].upper()}{sentence[1:]}{losses(told.blocks)}."


def standing(table: pd.DataFrame, factors: Factors, *, layout: Layout = KNOWN_BY_ITSELF) -> str:
    """One sentence about architectures: which scores highest, who is tied with it, and what that costs."""
    told = scene(table, factors, layout)
    finished = bool((told.blocks.rows["outcome"] == "finished").any())
    sentence = _highest(told) if finished else "nothing has finished yet, so there is no answer"
    return f"{sentence[0].upper()}{sentence[1:]}{losses(told.blocks)}."


def _largest(told: Scene, margin: float) -> str | None:
    """The largest decided effect of all levels of all factors, and how the others stand."""
    rows = told.told(effects(told.table, told.factors, layout=told.blocks.layout, margin=margin))
    if rows.empty:
        return None
    decided = rows[rows["verdict"].isin(["better", "worse"])]
    focus = clearest(rows) if decided.empty else largest(decided)
    swap = changing(focus["factor"], focus["reference"], focus["level"])
    mixed = f", mixed with {focus['aliases']}" if focus["aliases"] else ""
    head = f"{swap} moves the {told.score} by {worth(focus)}{mixed} ({certainty(focus)}; {sample(told, focus)})"
    if decided.empty and focus["verdict"] == "equivalent":
        same = int((rows["verdict"] == "equivalent").sum())
        others = f", as do {same - 1} of the other {len(rows) - 1} effects" if len(rows) > 1 else ""
        return f"{head}, which lies inside the margin of {margin:g}{others}"
    if decided.empty:
        others = f", and none of the other {len(rows) - 1} effects is clearer" if len(rows) > 1 else ""
        return f"{head}, which is inconclusive{others}"
    return f"{head}{_others(rows, focus, len(decided))}"


def _others(rows: pd.DataFrame, focus: pd.Series, decided: int) -> str:
    rest = rows.drop(index=[focus.name])
    if rest.empty:
        return ""
    many = f"{len(rows)} effects, {'all' if decided == len(rows) else decided} decided"
    of_many = f", the largest decided of {many}"
    if len(rest) > SPELLED_OUT:
        return of_many
    each = [f"{row['factor']} {row['level']} {worth(row)}, {row['verdict']}" for _, row in rest.iterrows()]
    return f"{of_many} ({'; '.join(each)})"


def _highest(told: Scene) -> str:
    """Which architecture scores highest, and from which others it cannot be told apart."""
    board = leaderboard(told.table, told.factors, task=told.task, layout=told.blocks.layout)
    ranked = board[board["rank_low"].notna()]
    if ranked.empty:
        return "no architecture has a finished run on every task, so none can be ranked over all of them"
    top, rest = ranked.iloc[0], ranked.iloc[1:]
    unranked = len(board) - len(ranked)
    left_out = f"; {text.count(unranked, 'architecture')} without a score on every task left out" if unranked else ""
    numbers = f"{text.score(top['mean'], top['low'], top['high'])} ({_size(told, top)})"
    if rest.empty:
        return f"the {told.score} of {top['architecture']} is {numbers}{left_out}"
    head = f"the highest {told.score} of {len(ranked)} architectures is that of {top['architecture']}"
    return f"{head}, {numbers}, {_ties(top, rest)}{price(ranked)}{left_out}"


def _size(told: Scene, top: pd.Series) -> str:
    over = "" if pd.isna(top["low"]) else "95% interval over "
    tasks = "" if len(told.blocks.tasks) == 1 else f" x {text.count(top['n_tasks'], 'task')}"
    return f"{over}{text.count(top['n_seeds'], told.blocks.layout.unit)}{tasks}"


def _ties(top: pd.Series, rest: pd.DataFrame) -> str:
    tied = [name for name, group in zip(rest["architecture"], rest["tie_group"], strict=True) if _share(group, top)]
    if not tied:
        return "which the data tell apart from every other"
    names = text.listed(tied, "or") if len(tied) <= SPELLED_OUT else f"{len(tied)} of the others"
    return f"which the data cannot tell apart from {names}"


def _share(group: str, top: pd.Series) -> bool:
    return not set(group).isdisjoint(top["tie_group"])
