"""The table: every record a row, in one order, and nothing analysed that cannot be."""

from collections.abc import Callable

import pandas as pd
import pytest

from suite.analysis.table import COLUMNS, check, table
from suite.record import Record
from suite.trial import GROUP_OF, Trial

NORMS = {"norm": ("none", "batch")}
TRIAL = Trial(task="image/digits", architecture="mlp")
Make = Callable[..., Record]


def test_a_row_says_what_the_record_says(record: Make) -> None:
    row = table([record(TRIAL.moved({"norm": "rms", "depth": 8}), 0.82, 0.8)]).iloc[0]
    assert row["id"] == TRIAL.moved({"norm": "rms", "depth": 8}).id
    assert (row["task"], row["architecture"], row["seed"]) == ("image/digits", "mlp", 0)
    assert (row["norm"], row["depth"], row["dropout"]) == ("rms", 8, 0.0)
    assert (row["valid"], row["test"], row["metric"], row["chance"]) == (0.8, 0.82, "accuracy", 0.1)
    assert row["score"] == pytest.approx(0.8)  # (0.82 - 0.1) / 0.9
    assert (row["parameters"], row["flops"], row["seconds"], row["message"]) == (1000, 5000, 2.0, "")


def test_a_run_that_did_not_finish_has_no_score(record: Make) -> None:
    row = table([record(TRIAL, None, outcome="diverged")]).iloc[0]
    assert (row["outcome"], row["message"]) == ("diverged", "diverged at step 7")
    assert row[["valid", "test", "score"]].isna().all()


def test_the_empty_table_has_all_columns_with_their_types(record: Make) -> None:
    empty, full = table([]), table([record(TRIAL, 0.5)])
    assert list(empty.columns) == list(COLUMNS)
    assert set(GROUP_OF) <= set(COLUMNS)
    assert empty.dtypes.to_dict() == full.dtypes.to_dict()
    assert len(empty) == 0


def test_the_order_of_the_records_does_not_matter(factorial: Callable[..., list[Record]]) -> None:
    records = factorial(lambda trial: 0.5, NORMS | {"depth": (2, 8)}, ("image/digits", "tabular/diabetes"))
    pd.testing.assert_frame_equal(table(records), table(reversed(records)))


def test_duplicates_are_refused_with_both_ids(record: Make) -> None:
    wide = TRIAL.moved({"width": 32})
    with pytest.raises(ValueError, match="task=image/digits architecture=mlp norm=layer seed=0 is there 2 times") as e:
        check(table([record(TRIAL, 0.5), record(wide, 0.6)]), {"norm": ("layer",)})
    assert TRIAL.id in str(e.value)
    assert wide.id in str(e.value)


def unscored(record: Record) -> Record:
    """A finished record whose score is no number, which a record refuses to be when it is made or read."""
    return record.model_copy(update={"result": record.result.model_copy(update={"test": float("nan")})})


def test_every_violation_is_named(record: Make) -> None:
    wrong = [unscored(record(TRIAL.model_copy(update={"seed": seed}), 0.5)) for seed in range(3)]
    other = record(TRIAL.model_copy(update={"seed": 9}), 0.5).model_copy(update={"chance": 0.2})
    with pytest.raises(ValueError, match="image/digits has 2 different pairs of metric and chance") as error:
        check(table([*wrong, other]), {})
    assert all(bad.id in str(error.value) for bad in wrong)


def test_rows_at_other_levels_do_not_count(record: Make) -> None:
    wrong = unscored(record(TRIAL.moved({"norm": "rms"}), 0.5))
    check(table([record(TRIAL, 0.5), wrong]), {"norm": ("layer", "batch")})


def test_a_factor_that_does_not_exist_is_refused_with_those_that_do() -> None:
    with pytest.raises(ValueError, match=r"no factor 'test'; one of norm, norm_place, residual"):
        check(table([]), {"test": (1, 2)})
