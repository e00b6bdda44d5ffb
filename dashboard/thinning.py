"""Thinning: of too many points of curves only some are drawn."""

import pandas as pd

from suite.learning import Curves

MOST_POINTS = 10_000


def thinned(found: Curves, *, traces: bool) -> tuple[Curves, int]:
    """What is drawn of them: means, and runs if asked for; of too many points only each so-manieth, and the last."""
    shown = Curves(found.runs if traces else found.runs.head(0), found.means)
    every = 1 + (len(shown.runs) + len(shown.means)) // MOST_POINTS
    runs, means = _each(shown.runs, ["task", "arm", "seed"], every), _each(shown.means, ["task", "arm"], every)
    return Curves(runs, means), every


def _each(rows: pd.DataFrame, line: list[str], every: int) -> pd.DataFrame:
    """Only each so-manieth point of a line, and its last."""
    group = rows.groupby(line)["step"]
    return rows[(group.cumcount() % every == 0) | (group.cumcount(ascending=False) == 0)].reset_index(drop=True)
