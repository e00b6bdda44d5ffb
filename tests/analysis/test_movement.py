"""Movement: the same runs before and after a change, pair by pair."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from suite.analysis.movement import movement
from suite.analysis.table import table
from suite.record import Record
from tests.records import record

NORMS = ("none", "rms")
FACTORS = {"norm": NORMS}


def runs(moved: float = 0.0, spread: float = 0.0, outcome: str = "finished") -> list[Record]:
    """Five seeds of two norms. With rms, scores move by that, and by `spread` more with each seed."""
    plain = [record(seed, norm="none", test=0.5 + 0.01 * seed) for seed in range(5)]
    with_rms = [
        record(seed, norm="rms", test=0.6 + 0.01 * seed + moved + spread * seed, outcome=outcome) for seed in range(5)
    ]
    return [*plain, *with_rms]


def at(found: pd.DataFrame, where: str) -> pd.Series:
    return found[found["at"] == where].iloc[0]


def test_the_same_records_are_unchanged() -> None:
    found = movement(table(runs()), table(runs()), FACTORS)
    assert (found.same, len(found.pairs)) == (10, 10)
    assert set(found.rows["verdict"]) == {"unchanged"}
    assert not found.is_regression
    assert found.sentence == "10 of 10 pairs of runs came out the same"


def test_a_change_of_one_level_is_found_there_and_over_all() -> None:
    """By hand: differences 0.02 + 0.001 s with rms, 0 without; over both, half of that, and a t-interval."""
    found = movement(table(runs()), table(runs(-0.02, -0.001)), FACTORS)
    halves = -(0.02 + 0.001 * np.arange(5)) / 2
    low, high = stats.t.interval(0.95, 4, halves.mean(), stats.sem(halves))
    whole = at(found.rows, "")
    np.testing.assert_allclose(whole[["effect", "low", "high"]].astype(float), [halves.mean(), low, high], rtol=1e-9)
    assert (whole["task"], whole["architecture"], whole["unit"]) == ("image/digits", "all", "accuracy")
    assert at(found.rows, "norm rms")["effect"] == pytest.approx(2 * halves.mean())
    assert at(found.rows, "norm none")["verdict"] == "unchanged"
    assert list(found.regressions["at"]) == ["", "norm rms"]
    assert [row["n_same"] for _, row in found.rows.iterrows()] == [5, 5, 0]


def test_p_is_corrected_over_all_rows() -> None:
    found = movement(table(runs()), table(runs(-0.02, -0.001)), FACTORS)
    p = stats.ttest_1samp(-(0.02 + 0.001 * np.arange(5)), 0).pvalue
    assert at(found.rows, "norm rms")["p_holm"] == pytest.approx(3 * p)


def test_what_lies_inside_the_margin_is_no_regression() -> None:
    worse = table(runs(-0.02, -0.001))
    assert movement(table(runs()), worse, FACTORS, margin=0.015).regressions["at"].tolist() == ["norm rms"]
    assert not movement(table(runs()), worse, FACTORS, margin=0.05).is_regression


def test_better_is_no_regression() -> None:
    found = movement(table(runs()), table(runs(0.02, 0.001)), FACTORS)
    assert at(found.rows, "")["verdict"] == "better"
    assert not found.is_regression


def test_a_run_that_no_longer_finishes_is_a_regression() -> None:
    found = movement(table(runs()), table(runs(outcome="diverged")), FACTORS)
    assert len(found.lost) == 5
    assert found.is_regression
    assert "5 no longer finish" in found.sentence
    back = movement(table(runs(outcome="diverged")), table(runs()), FACTORS)
    assert (len(back.mended), back.is_regression) == (5, False)


def test_only_runs_that_both_have_are_compared() -> None:
    found = movement(table(runs()), table(runs()[2:7]), FACTORS)
    assert (len(found.pairs), found.only_before, found.only_after) == (5, 5, 0)
    nothing = movement(table(runs()[:5]), table(runs()[5:]), FACTORS)
    assert nothing.rows.empty
    assert nothing.sentence.startswith("No run of the one has a partner")


def test_a_task_that_is_scored_otherwise_since_is_left_out() -> None:
    after = table(runs()).assign(chance=0.2)
    assert movement(table(runs()), after, FACTORS).left_out == ("image/digits",)


def test_what_is_the_change_itself_need_not_agree() -> None:
    """Of two studies, one with depth 8: they differ in nothing that either varies, so seeds and norms are pairs."""
    deep = [record(one.trial.seed, norm=one.trial.tricks.norm, depth=8, test=0.4) for one in runs()]
    found = movement(table(runs()), table(deep), FACTORS)
    assert len(found.pairs) == 10
