"""Our scores beside the published ones, task by task, and whether the two agree."""

from collections.abc import Mapping, Sequence

import pandas as pd

from tasks.task import Reference

COLUMNS = {
    "task": "str",
    "architecture": "str",
    "mean": "float64",
    "low": "float64",
    "high": "float64",
    "unit": "str",
    "n_seeds": "int64",
    "model": "str",
    "published": "float64",
    "spread": "float64",
    "source": "str",
    "compared": "str",
}


def beside(board: pd.DataFrame, references: Mapping[str, Sequence[Reference]]) -> pd.DataFrame:
    """A row for each published score of an architecture that the board has on that task, in the board's order.

    `compared` is "agrees" if the published score, give or take two of its own standard deviations where it has one,
    reaches into our interval; else ours is "above" or "below", or "no interval" with a single seed.
    """
    rows = [
        {
            **{name: row[name] for name in ("task", "architecture", "mean", "low", "high", "unit", "n_seeds")},
            "model": reference.model,
            "published": reference.score,
            "spread": reference.spread,
            "source": reference.source,
            "compared": _compared(row["mean"], row["low"], row["high"], reference),
        }
        for _, row in board.iterrows()
        for reference in references.get(row["task"], ())
        if reference.architecture == row["architecture"] and pd.notna(row["mean"])
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)


def _compared(mean: float, low: float, high: float, reference: Reference) -> str:
    if pd.isna(low) or pd.isna(high):
        return "no interval"
    about = 2 * reference.spread
    if reference.score + about < low:
        return "above"
    return "below" if reference.score - about > high else "agrees"
