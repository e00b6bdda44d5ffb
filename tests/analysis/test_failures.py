"""Failures are counted by arm and named by what happened first."""

from collections.abc import Callable

import pandas as pd

from suite.analysis.failures import failures
from suite.analysis.table import table
from suite.record import Record

FACTORS = {"norm": ("none", "batch"), "depth": (2, 8)}
Make = Callable[..., list[Record]]


def broken(factorial: Make, record: Callable[..., Record]) -> pd.DataFrame:
    """Deep networks without norm diverge on seeds 0 and 2, one with norm runs out of memory on seed 1."""
    outcome = {("none", 8, 0): "diverged", ("none", 8, 2): "diverged", ("batch", 8, 1): "out_of_memory"}
    records = factorial(lambda trial: 0.5, FACTORS)
    keys = [(r.trial.tricks.norm, r.trial.size.depth, r.trial.seed) for r in records]
    return table(
        record(r.trial, None, outcome=outcome[key]) if key in outcome else r
        for r, key in zip(records, keys, strict=True)
    )


def test_counts_by_arm(factorial: Make, record: Callable[..., Record]) -> None:
    frame = broken(factorial, record)
    for found in (failures(frame, FACTORS), failures(frame)):
        assert found.drop(columns=["task", "architecture"]).to_dict("split")["data"] == [
            ["none", 8, "diverged", 2, 3, "0, 2", "diverged at step 7"],
            ["batch", 8, "out_of_memory", 1, 3, "1", "out_of_memory at step 7"],
        ]


def test_where_all_finished_there_is_no_row(factorial: Make) -> None:
    assert failures(table(factorial(lambda trial: 0.5, FACTORS)), FACTORS).empty
    assert failures(table([]), FACTORS).empty
    assert list(failures(table([])).columns) == ["task", "architecture", "outcome", "n", "n_runs", "seeds", "message"]
