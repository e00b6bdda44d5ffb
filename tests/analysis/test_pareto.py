"""The Pareto front where one can see it by eye, and how sure it is."""

from collections.abc import Callable

import numpy as np
import pytest

from suite.analysis.pareto import ARM, front, pareto
from suite.analysis.table import table
from suite.record import Record
from suite.trial import Trial

Make = Callable[..., list[Record]]
TASKS = ("image/digits", "series/mnist1d")
WORTH = {"cnn": 0.9, "gru": 0.8, "mlp": 0.7, "transformer": 0.75}
PRICE = {"cnn": 4000, "gru": 2000, "mlp": 1000, "transformer": 3000}


def priced(records: list[Record]) -> list[Record]:
    """What each takes: as many parameters, half as many seconds, and twice as many FLOPs."""
    return [
        r.model_copy(update={"cost": r.cost.model_copy(update={"parameters": n, "flops": 2 * n, "seconds": n / 2})})
        for r in records
        for n in [PRICE[r.trial.architecture]]
    ]


def test_a_front_by_hand() -> None:
    score = np.array([0.9, 0.8, 0.8, 0.5, np.nan, 0.9])
    paid = np.array([10.0, 5.0, 6.0, 5.0, 1.0, 10.0])
    assert front(score, paid).tolist() == [True, True, False, False, False, True]


def test_who_is_worse_and_dearer_is_not_on_it(factorial: Make) -> None:
    records = priced(factorial(lambda trial: WORTH[trial.architecture] + 0.001 * trial.seed, {}, TASKS, WORTH, seeds=3))
    rows = pareto(table(records), {})
    assert set(rows["task"]) == {"all", *TASKS}
    for _, one in rows.groupby(["task", "cost"]):
        assert one["competitor"].tolist() == ["mlp", "gru", "transformer", "cnn"]
        assert one["front"].tolist() == [True, True, False, True]
        assert one["front_share"].tolist() == [1.0, 1.0, 0.0, 1.0]
        assert one["paid"].tolist() == sorted(one["paid"])
    paid = rows[rows["task"] == "all"].groupby("cost")["paid"].first()
    assert paid.to_dict() == {"parameters": 1000, "flops": 2000, "seconds": 500}


def test_where_seeds_decide_the_front_its_share_is_between(factorial: Make) -> None:
    """The dearer one is better by less than seeds differ, so that some draws leave it off the front."""
    rng = np.random.default_rng(1)

    def score(trial: Trial) -> float:
        return 0.7 + 0.01 * (trial.architecture == "gru") + float(rng.normal(0, 0.05))

    rows = pareto(table(priced(factorial(score, {}, TASKS[:1], ("gru", "mlp"), seeds=8))), {})
    share = rows[rows["cost"] == "flops"].set_index("competitor")["front_share"]
    assert share["mlp"] == 1.0
    assert 0.02 < share["gru"] < 0.98


def test_scores_are_those_of_the_leaderboard(factorial: Make) -> None:
    rows = pareto(table(priced(factorial(lambda t: WORTH[t.architecture], {}, TASKS, WORTH, seeds=2))), {})
    at = rows[(rows["cost"] == "flops")].set_index(["task", "competitor"])
    assert at.loc[("image/digits", "gru"), ["mean", "unit"]].tolist() == [pytest.approx(0.8), "accuracy"]
    assert at.loc[("all", "gru"), "mean"] == pytest.approx((0.8 - 0.1) / 0.9)


def test_settings_of_one_architecture_compete_too(factorial: Make) -> None:
    factors = {"norm": ("none", "batch")}
    records = factorial(lambda t: 0.8 + 0.1 * (t.tricks.norm == "batch"), factors, TASKS[:1], ("mlp",), seeds=2)
    rows = pareto(table(records), factors, by=ARM)
    flops = rows[rows["cost"] == "flops"].set_index("competitor")
    assert flops["front"].to_dict() == {"norm batch": True, "norm none": False}


def test_a_single_seed_gives_no_share_and_failures_are_counted(factorial: Make, record: Callable[..., Record]) -> None:
    records = factorial(lambda t: WORTH[t.architecture], {}, TASKS, ("cnn", "mlp"), seeds=1)
    assert pareto(table(records), {})["front_share"].isna().all()
    lost = [record(r.trial, None, outcome="diverged") if r.trial.architecture == "cnn" else r for r in records]
    rows = pareto(table(lost), {})
    assert set(rows["competitor"]) == {"mlp"}
    assert pareto(table([]), {}).empty
