"""The search: which settings every arm chose for itself on validation, and what that cost."""

from collections.abc import Mapping, Sequence
from itertools import count
from typing import Final

import pandas as pd

from suite.analysis import text
from suite.analysis.table import Factors

Tune = Mapping[str, Sequence[object]]

TUNING_SEED: Final = 1_000_000  # the block of random draws of all searches, beyond those of any study


def searched(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of the search."""
    return table[table["seed"] >= TUNING_SEED]


def said(table: pd.DataFrame, tune: Tune) -> str:
    """What was searched and what it took, in a sentence; "" where nothing was tuned.

    A try that stands for several arms, because its architecture ignores where they differ, is counted once.
    """
    if not tune:
        return ""
    tries = searched(table).drop_duplicates("id")
    among = text.listed([f"its {name} among {len(levels)}" for name, levels in tune.items()])
    lost = int(tries["valid"].isna().sum())
    parts = [
        text.count(len(tries), "try", "tries"),
        text.seconds(float(tries["seconds"].sum())),
        f"{lost} lost" if lost else "",
    ]
    return f"each arm chose {among} on validation: {', '.join(filter(None, parts))}"


def counted(table: pd.DataFrame) -> pd.DataFrame:
    """The rows that answers are made of: all but those of the search."""
    return table[table["seed"] < TUNING_SEED].reset_index(drop=True)


def chosen(table: pd.DataFrame, factors: Factors, tune: Tune) -> pd.DataFrame:
    """A row per task, architecture and arm: the settings with the best validation score.

    The first in the order of `tune` is taken among equals, and where no run finished. `id` is the trial that was
    best, `n_tried` and `n_lost` count its rivals and those of them that did not finish, `seconds` is for all of them.
    """
    arm = ["task", "architecture", *factors]
    rows = searched(table)
    order = {
        f"place of {name}": rows[name].map(dict(zip(levels, count(), strict=False))) for name, levels in tune.items()
    }
    ranked = rows.assign(**order).sort_values(
        ["valid", *order], ascending=[False, *(True for _ in order)], kind="stable"
    )
    best = ranked.drop_duplicates(arm)[[*arm, *tune, "valid", "id"]]
    groups = rows.groupby(arm, as_index=False)
    cost = groups.agg(n_tried=("id", "size"), n_finished=("valid", "count"), seconds=("seconds", "sum"))
    found = best.merge(cost, on=arm).sort_values(arm, kind="stable", ignore_index=True)
    return found.assign(n_lost=found["n_tried"] - found["n_finished"]).drop(columns="n_finished")
