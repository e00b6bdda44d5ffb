"""Failures: what did not finish, counted by arm; a failure is a result."""

import pandas as pd

from suite.analysis.table import SETTINGS, Factors

COUNTS = ("outcome", "n", "n_runs", "seeds", "message")


def failures(table: pd.DataFrame, factors: Factors | None = None) -> pd.DataFrame:
    """A row per arm and outcome other than finished, the most frequent first.

    An arm is a setting of the factors or, without factors, of everything that varies in the table.
    `n_runs` counts all its runs, `seeds` lists those that ended this way, `message` is the first of theirs.
    """
    names = list(factors) if factors is not None else [name for name in SETTINGS if table[name].nunique() > 1]
    arm = ["task", "architecture", *names]
    runs = table.assign(n_runs=table.groupby(arm)["id"].transform("size"))
    lost = runs[runs["outcome"] != "finished"].sort_values([*arm, "outcome", "seed"])
    found = lost.groupby([*arm, "outcome"], as_index=False).agg(
        n=("id", "size"), n_runs=("n_runs", "first"), seeds=("seed", _listed), message=("message", "first")
    )
    found = found.sort_values(["n", *arm, "outcome"], ascending=[False, *[True] * (len(arm) + 1)], ignore_index=True)
    return found.reindex(columns=[*arm, *COUNTS]).astype({"n": "int64", "n_runs": "int64", "seeds": "str"})


def _listed(seeds: pd.Series) -> str:
    return ", ".join(map(str, seeds))
