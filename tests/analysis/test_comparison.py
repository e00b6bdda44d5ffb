"""Comparisons with known answers: who leads, by how much, and what failures do to it."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from suite.analysis.comparison import Comparison
from suite.analysis.field import ARCHITECTURE, LOST, Field, field
from suite.analysis.ranks import rank_limits
from suite.analysis.table import table
from suite.record import Record
from suite.trial import Trial
from tests.analysis.demsar import AUC

Make = Callable[..., list[Record]]
TASKS = ("image/digits", "series/mnist1d", "tabular/breast_cancer")
NORMS = {"norm": ("none", "batch", "layer")}
WORTH = {"cnn": 0.9, "gru": 0.8, "mlp": 0.7}


def of_tasks(scores_TA: np.ndarray, names: str = "abcd") -> Field:
    """One run of each on every task."""
    tasks = tuple(f"task {t}" for t in range(len(scores_TA)))
    return Field(ARCHITECTURE, tuple(names[: scores_TA.shape[1]]), tasks, scores_TA.T[:, :, None, None])


def plain(trial: Trial) -> float:
    return WORTH[trial.architecture] + 0.01 * trial.seed


def noisy(start: int, size: float = 0.02) -> Callable[[Trial], float]:
    rng = np.random.default_rng(start)
    return lambda trial: WORTH[trial.architecture] + float(rng.normal(0, size))


def test_the_field_of_architectures_is_what_the_leaderboard_reports(factorial: Make) -> None:
    frame = table(factorial(noisy(0), NORMS, TASKS, WORTH, seeds=4))
    found = field(frame, NORMS)
    assert (found.names, found.tasks, found.score_ATSP.shape) == (("cnn", "gru", "mlp"), TASKS, (3, 3, 4, 1))
    chosen = frame.groupby(["task", "architecture", "norm"])["valid"].mean().groupby(level=[0, 1]).idxmax()
    for t, task in enumerate(TASKS):
        for a, name in enumerate(found.names):
            at = frame[(frame[["task", "architecture", "norm"]] == list(chosen[task, name])).all(axis=1)]
            assert found.score_ATSP[a, t, :, 0].tolist() == pytest.approx(at.sort_values("seed")["score"].tolist())


def test_levels_of_a_factor_meet_at_all_places(factorial: Make) -> None:
    def score(trial: Trial) -> float:
        return plain(trial) - 0.1 * (trial.tricks.norm == "batch")

    factors = {**NORMS, "depth": (2, 8)}
    found = field(table(factorial(score, factors, TASKS, WORTH, seeds=2)), factors, "norm")
    assert found.score_ATSP.shape == (3, 3, 2, 3 * 2)
    loss = found.score_ATSP[0] - found.score_ATSP[1]
    assert loss[0] == pytest.approx(np.full((2, 6), 0.1 / 0.9))
    pairs = Comparison(found).pairwise.set_index(["competitor", "other"])
    assert pairs.loc[("none", "batch"), ["improvement", "wins", "n_pairs"]].tolist() == [1.0, 3, 36]
    assert pairs.loc[("none", "layer"), ["improvement", "difference", "ties"]].tolist() == [0.5, 0.0, 3]


def test_what_cannot_be_compared_is_refused(factorial: Make) -> None:
    frame = table(factorial(plain, NORMS, TASKS, WORTH, seeds=2))
    with pytest.raises(ValueError, match="no factor to compare by 'norn'; one of architecture, norm"):
        field(frame, NORMS, "norn")
    with pytest.raises(ValueError, match="no task 'digits'; one of image/digits"):
        field(frame, NORMS, task="digits")
    apart = frame[(frame["norm"] == "none") | (frame["seed"] < 0)]
    with pytest.raises(ValueError, match="the levels of norm never meet"):
        field(apart, NORMS, "norm")


def test_aggregates_of_a_noise_free_table(factorial: Make) -> None:
    rows = Comparison(field(table(factorial(plain, {}, TASKS[:2], WORTH, seeds=5)), {})).aggregates
    assert rows["competitor"].tolist() == ["cnn", "gru", "mlp"]
    for row, worth in zip(rows.itertuples(), WORTH.values(), strict=True):
        level = (worth + 0.02 - 0.1) / 0.9  # normalised, at the middle seed
        assert (row.iqm, row.mean, row.median) == pytest.approx((level,) * 3)
        assert row.optimality_gap == pytest.approx(1 - level)
        assert row.iqm_low < row.iqm < row.iqm_high
        assert (row.n_tasks, row.n_seeds, row.n_runs, row.n_failed) == (2, 5, 10, 0)


def test_a_profile_steps_down_at_each_run(factorial: Make) -> None:
    rows = Comparison(field(table(factorial(plain, {}, ("image/digits",), ("gru",), seeds=2)), {})).profiles
    share = rows.set_index("threshold")["share"]
    assert share[0.0] == 1.0
    assert share[0.78] == 0.5  # (0.80 - 0.1) / 0.9 = 0.777..., (0.81 - 0.1) / 0.9 = 0.788...
    assert share[0.8] == 0.0


def test_a_failure_loses_and_is_counted(factorial: Make, record: Callable[..., Record]) -> None:
    records = factorial(plain, {}, TASKS, WORTH, seeds=4)
    lost = [
        record(r.trial, None, outcome="diverged") if r.trial.architecture == "cnn" and r.trial.seed < 3 else r
        for r in records
    ]
    found = field(table(lost), {})
    assert (found.mean_AT[0] == LOST).all()
    told = Comparison(found)
    cnn = told.aggregates.set_index("competitor").loc["cnn"]
    assert (cnn["n_failed"], cnn["n_runs"], np.isnan(cnn["iqm"])) == (9, 12, True)
    assert told.ranks["competitor"].tolist() == ["gru", "mlp", "cnn"]
    pair = told.pairwise.set_index(["competitor", "other"]).loc[("gru", "cnn")]
    assert pair[["improvement", "n_failed", "wins"]].tolist() == [0.75, 9, 3]


def test_who_lacks_a_task_has_no_rank_but_meets_on_the_others(factorial: Make) -> None:
    records = factorial(noisy(1), {}, TASKS, ("cnn", "mlp"), 4) + factorial(noisy(2), {}, TASKS[:2], ("gru",), 4)
    told = Comparison(field(table(records), {}))
    assert told.ranks["competitor"].tolist() == ["cnn", "mlp", "gru"]
    assert told.ranks["average_rank"].isna().tolist() == [False, False, True]
    assert told.aggregates.set_index("competitor")["iqm"].isna().to_dict() == {"cnn": False, "mlp": False, "gru": True}
    assert set(told.profiles["competitor"]) == {"cnn", "mlp"}
    n = told.pairwise.set_index(["competitor", "other"])["n_tasks"]
    assert (n["cnn", "mlp"], n["gru", "mlp"]) == (3, 2)


def test_demsars_example_through_every_table() -> None:
    told = Comparison(of_tasks(AUC), rope=0.01)
    ranks = told.ranks.set_index("competitor")["average_rank"]
    assert ranks[list("abcd")].tolist() == pytest.approx([3.143, 2.0, 2.893, 1.964], abs=0.001)
    assert told.friedman is not None
    assert told.friedman.p < 0.05
    pair = told.pairwise.set_index(["competitor", "other"]).loc[("d", "a")]
    assert pair[["better", "rope", "worse"]].tolist() == pytest.approx([0.967285, 0.032345, 0.00037], abs=0.01)
    assert pair["p"] == pytest.approx(stats.wilcoxon(AUC[:, 3] - AUC[:, 0], zero_method="zsplit").pvalue)
    assert pair["wins"] == (AUC[:, 3] > AUC[:, 0]).sum()
    assert told.bradley_terry["competitor"].tolist() == ["d", "b", "c", "a"]
    assert not told.bradley_terry["separated"].any()


def test_rank_intervals_hold_where_an_order_is_certain_and_are_wide_where_it_is_not() -> None:
    rng = np.random.default_rng(0)
    certain = rng.normal(0, 0.01, (12, 3)) + np.array([2.0, 1.0, 0.0])
    low, high = rank_limits(certain)
    assert (low.tolist(), high.tolist()) == ([1, 2, 3], [1, 2, 3])
    low, high = rank_limits(rng.normal(0, 1, (12, 3)))
    assert (low.min(), high.max()) == (1, 3)
    assert np.isnan(rank_limits(certain[:1])).all()
    alike, _ = rank_limits(np.ones((5, 3)))
    assert alike.tolist() == [1, 1, 1]


def test_one_task_says_nothing_of_other_tasks(factorial: Make) -> None:
    told = Comparison(field(table(factorial(noisy(3), {}, TASKS[:1], WORTH, seeds=5)), {}))
    assert told.friedman is None
    assert told.pairwise[["p", "p_holm", "better", "rope", "worse"]].isna().all(axis=None)
    assert told.pairwise[["difference", "low", "improvement"]].notna().all(axis=None)
    assert told.bradley_terry[["low", "high"]].isna().all(axis=None)


def test_strengths_of_those_who_always_win_are_finite_and_flagged(factorial: Make) -> None:
    rows = Comparison(field(table(factorial(plain, {}, TASKS, WORTH, seeds=2)), {})).bradley_terry
    assert rows["separated"].all()
    assert rows["elo"].is_monotonic_decreasing
    assert np.isfinite(rows["elo"]).all()


def test_the_same_records_in_any_order_give_the_same_numbers(factorial: Make) -> None:
    frame = table(factorial(noisy(4), NORMS, TASKS, WORTH, seeds=3))
    shuffled = frame.sample(frac=1.0, random_state=0)
    for by in (ARCHITECTURE, "norm"):
        one, other = (Comparison(field(rows, NORMS, by)) for rows in (frame, shuffled))
        for name in ("aggregates", "profiles", "ranks", "pairwise", "bradley_terry"):
            pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name))


def test_nobody_and_nothing_are_empty_tables() -> None:
    told = Comparison(field(table([]), {}))
    for name in ("aggregates", "profiles", "ranks", "pairwise", "bradley_terry"):
        assert getattr(told, name).empty
    assert told.friedman is None
