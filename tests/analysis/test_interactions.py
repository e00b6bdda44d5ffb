"""Interactions and simple effects against tables where both are known, and against plain subtraction."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from suite.analysis.effects import effects
from suite.analysis.interactions import interactions, simple_effects, three_way
from suite.analysis.table import table
from suite.record import Record
from suite.trial import Trial

FACTORS = {"norm": ("none", "batch", "rms"), "residual": ("none", "add"), "depth": (2, 8)}
TASKS = ("image/digits", "tabular/breast_cancer")
Make = Callable[..., list[Record]]


def golden(trial: Trial) -> float:
    """Batch and add replace each other by 0.2 if deep and reinforce each other by 0.04 if not; rms meets nothing."""
    batch, rms, add = trial.tricks.norm == "batch", trial.tricks.norm == "rms", trial.tricks.residual == "add"
    deep = trial.size.depth == 8
    return 0.2 + 0.02 * trial.seed + 0.1 * batch + 0.05 * rms + 0.3 * add + batch * add * (-0.2 if deep else 0.04)


def noisy(size: float) -> Callable[[Trial], float]:
    rng = np.random.default_rng(1)
    return lambda trial: golden(trial) + float(rng.normal(0, size))


def only(rows: pd.DataFrame, **wanted: object) -> pd.Series:
    for name, value in ({"task": "image/digits", "architecture": "all"} | wanted).items():
        rows = rows[rows[name] == value]
    assert len(rows) == 1
    return rows.iloc[0]


def test_known_interactions(factorial: Make) -> None:
    rows = interactions(table(factorial(golden, FACTORS, seeds=6)), FACTORS)
    assert len(rows) == 4 * (2 + 2 + 1)  # scopes x pairs of levels
    meet = only(rows, level_a="batch", level_b="add")
    assert meet["effect"] == pytest.approx((0.04 - 0.2) / 2)  # averaged over depth
    assert (meet["reference_a"], meet["reference_b"], meet["n_pairs"]) == ("none", "none", 12)
    assert only(rows, level_a="rms", level_b="add")["effect"] == pytest.approx(0)
    assert only(rows, level_a="batch", level_b=8)["effect"] == pytest.approx(-0.24 / 2)
    assert only(rows, level_a="add", level_b=8)["effect"] == pytest.approx(-0.24 / 3)


def test_within_keeps_a_factor_still(factorial: Make) -> None:
    frame = table(factorial(golden, FACTORS, seeds=6))
    deep = interactions(frame, FACTORS, within={"depth": 8})
    assert set(zip(deep["factor_a"], deep["factor_b"], strict=True)) == {("norm", "residual")}
    assert only(deep, level_a="batch")["effect"] == pytest.approx(-0.2)
    shallow = interactions(frame, FACTORS, within={"depth": 2})
    assert only(shallow, level_a="batch")["effect"] == pytest.approx(0.04)


def test_the_third_order_is_the_difference_of_two_interactions(factorial: Make) -> None:
    rows = three_way(table(factorial(golden, FACTORS, seeds=6)), FACTORS, ("norm", "residual", "depth"))
    assert only(rows, norm="batch", residual="add", depth=8)["effect"] == pytest.approx(-0.24)
    assert only(rows, norm="rms", residual="add", depth=8)["effect"] == pytest.approx(0)


def test_verdicts_say_which_way(factorial: Make) -> None:
    frame = table(factorial(noisy(0.005), FACTORS, TASKS, seeds=5))
    deep, shallow = (interactions(frame, FACTORS, within={"depth": depth}) for depth in (8, 2))
    assert only(deep, task="all", level_a="batch")["verdict"] == "redundancy"
    assert only(shallow, task="all", level_a="batch")["verdict"] == "synergy"
    assert only(deep, task="all", level_a="rms")["verdict"] == "none seen"


def test_an_interaction_is_the_t_test_of_the_difference_of_differences(factorial: Make) -> None:
    factors = {"norm": ("none", "batch"), "residual": ("none", "add")}
    frame = table(factorial(noisy(0.05), factors, seeds=6))
    y = frame.pivot_table(index="seed", columns=["norm", "residual"], values="test")
    units = y["batch"]["add"] - y["batch"]["none"] - y["none"]["add"] + y["none"]["none"]
    theirs = stats.ttest_1samp(units, 0)
    ours = only(interactions(frame, factors))
    interval = theirs.confidence_interval(0.95)
    assert (ours["effect"], ours["low"], ours["high"]) == pytest.approx((units.mean(), interval.low, interval.high))
    assert ours["p"] == ours["p_holm"] == pytest.approx(theirs.pvalue)


def test_known_simple_effects(factorial: Make) -> None:
    frame = table(factorial(golden, FACTORS, seeds=6))
    by_norm = simple_effects(frame, FACTORS, "residual", "norm")
    assert only(by_norm, norm="none")["effect"] == pytest.approx(0.3)
    assert only(by_norm, norm="batch")["effect"] == pytest.approx(0.3 - 0.08)
    by_both = simple_effects(frame, FACTORS, "residual", ("norm", "depth"))
    assert only(by_both, norm="batch", depth=8)["effect"] == pytest.approx(0.1)
    assert only(by_both, norm="batch", depth=2)["effect"] == pytest.approx(0.34)
    deep = simple_effects(frame, FACTORS, "residual", "norm", within={"depth": 8})
    assert only(deep, norm="batch")["effect"] == pytest.approx(0.1)
    assert list(by_norm.columns) == ["norm", *effects(frame, FACTORS).columns]


def test_interactions_are_differences_of_simple_effects(factorial: Make) -> None:
    frame = table(factorial(noisy(0.05), FACTORS, TASKS, ("mlp", "cnn")))
    simple = simple_effects(frame, FACTORS, "residual", "norm")
    meet = interactions(frame, FACTORS)
    for task in ("all", *TASKS):
        at = {norm: only(simple, norm=norm, task=task)["effect"] for norm in FACTORS["norm"]}
        for norm in ("batch", "rms"):
            found = only(meet, task=task, factor_a="norm", level_a=norm, factor_b="residual")
            assert found["effect"] == pytest.approx(at[norm] - at["none"])


def test_a_lost_run_loses_its_comparisons(factorial: Make, record: Callable[..., Record]) -> None:
    records = factorial(golden, FACTORS)
    lost = next(r for r in records if r.trial.levels["norm"] == "none" and r.trial.levels["residual"] == "none")
    rest = [record(r.trial, None, outcome="timed_out") if r is lost else r for r in records]
    rows = interactions(table(rest), FACTORS)
    for norm in ("batch", "rms"):  # both are measured from the run that is lost
        found = only(rows, level_a=norm, level_b="add")
        assert (found["n_pairs"], found["n_missing"]) == (5, 1)


def test_one_at_a_time_shows_no_interaction(record: Callable[..., Record]) -> None:
    arms = [{"norm": "none", "residual": "none"}, {"norm": "batch", "residual": "none"}, {"norm": "none"}]
    trials = [Trial(task="image/digits", architecture="mlp", seed=s).moved(arm) for s in range(3) for arm in arms]
    factors = {"norm": ("none", "batch"), "residual": ("none", "add")}
    assert interactions(table([record(trial, 0.5) for trial in trials]), factors).empty


def test_the_empty_table_and_the_single_seed(factorial: Make) -> None:
    empty, full = interactions(table([]), FACTORS), interactions(table(factorial(golden, FACTORS, seeds=1)), FACTORS)
    assert empty.empty
    assert empty.dtypes.to_dict() == full.dtypes.to_dict()
    assert full["low"].isna().all()
    assert (full["verdict"] == "none seen").all()
    assert simple_effects(table([]), FACTORS, "residual", ("norm", "depth")).empty


def test_names_and_levels_that_do_not_exist_are_refused_with_those_that_do() -> None:
    with pytest.raises(ValueError, match="no factor 'dropout'; one of norm, residual, depth"):
        simple_effects(table([]), FACTORS, "residual", "dropout")
    with pytest.raises(ValueError, match="no level of depth 4; one of 2, 8"):
        interactions(table([]), FACTORS, within={"depth": 4})
    with pytest.raises(ValueError, match="each factor can be named once; got norm, norm"):
        simple_effects(table([]), FACTORS, "norm", "norm")
