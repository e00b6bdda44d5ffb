"""The leaderboard: choose on valid, report test, and show as an order only what is one."""

from collections.abc import Callable
from itertools import combinations, pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from scipy import stats

from suite.analysis.interval import holm
from suite.analysis.ranking import leaderboard
from suite.analysis.table import table
from suite.analysis.ties import letters
from suite.record import Record
from suite.trial import Trial

NORMS = {"norm": ("none", "batch")}
TASKS = ("image/digits", "tabular/breast_cancer")
Make = Callable[..., list[Record]]
WORTH = {"cnn": 0.9, "gru": 0.8, "mlp": 0.8, "transformer": 0.7}


def noisy(size: float, start: int = 0) -> Callable[[Trial], float]:
    rng = np.random.default_rng(start)
    return lambda trial: WORTH[trial.architecture] + float(rng.normal(0, size))


def board(frame: pd.DataFrame, task: str) -> pd.DataFrame:
    return leaderboard(frame, {}, task=task).set_index("architecture")


def test_ranks_are_ranges_where_the_data_cannot_tell(factorial: Make) -> None:
    found = board(table(factorial(noisy(0.01), {}, TASKS, WORTH, seeds=8)), "all")
    assert found.index[0] == "cnn"
    assert found.index[3] == "transformer"
    assert found.loc["cnn", ["rank_low", "rank_high", "tie_group"]].tolist() == [1, 1, "a"]
    for tied in ("gru", "mlp"):
        assert found.loc[tied, ["rank_low", "rank_high", "tie_group"]].tolist() == [2, 3, "b"]
    assert found.loc["transformer", ["rank_low", "rank_high", "tie_group"]].tolist() == [4, 4, "c"]
    assert (found["unit"] == "normalised score").all()
    assert found["mean"].is_monotonic_decreasing


@pytest.mark.parametrize(("size", "seeds"), [(1.0, 5), (0.0001, 1)])
def test_when_nothing_separates_all_are_tied(factorial: Make, size: float, seeds: int) -> None:
    found = board(table(factorial(noisy(size), {}, TASKS, WORTH, seeds=seeds)), "all")
    assert (found["rank_low"] == 1).all()
    assert (found["rank_high"] == 4).all()
    assert (found["tie_group"] == "a").all()


def test_one_task_is_scored_in_its_own_metric_with_the_t_interval_over_seeds(factorial: Make) -> None:
    frame = table(factorial(noisy(0.05), {}, TASKS, WORTH, seeds=5))
    found = board(frame, "image/digits")
    for name, values in frame[frame["task"] == "image/digits"].groupby("architecture")["test"]:
        interval = stats.ttest_1samp(values, 0).confidence_interval(0.95)
        assert found.loc[name, ["mean", "low", "high"]].tolist() == pytest.approx([values.mean(), *interval])
    assert (found["unit"] == "accuracy").all()


def test_rank_ranges_count_paired_t_tests_with_holm(factorial: Make) -> None:
    frame = table(factorial(noisy(0.05, start=4), {}, ("image/digits",), WORTH, seeds=6))
    y = frame.pivot_table(index="seed", columns="architecture", values="test")
    pairs = list(combinations(y.columns, 2))
    adjusted = holm([stats.ttest_rel(y[a], y[b]).pvalue for a, b in pairs])
    beats = dict.fromkeys(y.columns, 0)
    loses = dict.fromkeys(y.columns, 0)
    for (a, b), p in zip(pairs, adjusted, strict=True):
        if p < 0.05:
            up, down = (a, b) if y[a].mean() > y[b].mean() else (b, a)
            beats[up] += 1
            loses[down] += 1
    found = board(frame, "image/digits")
    assert 0 < sum(beats.values()) < len(pairs), "some are told apart and some are not"
    for name in y.columns:
        assert found.loc[name, "rank_low"] == 1 + loses[name]
        assert found.loc[name, "rank_high"] == 4 - beats[name]


def test_the_arm_is_chosen_on_valid_and_reported_on_test(record: Callable[..., Record]) -> None:
    scores = {"none": (0.9, 0.5), "batch": (0.6, 0.7)}  # test, valid
    trials = [
        (Trial(task="image/digits", architecture="mlp", seed=seed).moved({"norm": norm}), norm)
        for seed in range(3)
        for norm in scores
    ]
    found = leaderboard(table([record(trial, *scores[norm]) for trial, norm in trials]), NORMS, task="image/digits")
    assert found.loc[0, "norm"] == "batch"
    assert found.loc[0, "mean"] == pytest.approx(0.6)
    assert found.loc[0, ["n_arms", "n_seeds", "parameters", "seconds"]].tolist() == [2, 3, 1000, 2]


def test_an_arm_that_lost_a_seed_is_not_chosen_where_another_kept_all(record: Callable[..., Record]) -> None:
    records = []
    for seed in range(3):
        trial = Trial(task="image/digits", architecture="mlp", seed=seed)
        lost = seed == 0
        records.append(record(trial.moved({"norm": "none"}), 0.5))
        risky = trial.moved({"norm": "batch"})
        records.append(record(risky, None, outcome="diverged") if lost else record(risky, 0.9))
    found = leaderboard(table(records), NORMS, task="image/digits")
    assert found.loc[0, ["norm", "mean", "n_failed", "n_missing"]].tolist() == ["none", 0.5, 1, 0]


def test_over_all_tasks_only_those_with_every_task_are_ranked(factorial: Make) -> None:
    records = factorial(noisy(0.01), NORMS, TASKS, ("cnn", "mlp"), 5) + factorial(
        noisy(0.01), NORMS, TASKS[:1], ("gru",), 5
    )
    found = leaderboard(table(records), NORMS)
    over_all = found[found["task"] == "all"].set_index("architecture")
    assert over_all.index.tolist() == ["cnn", "mlp", "gru"]
    assert over_all["coverage"].tolist() == [1.0, 1.0, 0.5]
    gru = over_all.loc["gru"]
    assert gru[["rank_low", "rank_high", "mean", "low", "high", "parameters"]].isna().all()
    assert gru["tie_group"] == ""
    assert over_all["rank_high"].max() == 2
    assert over_all["norm"].isna().all()
    assert "gru" not in found[found["task"] == TASKS[1]]["architecture"].tolist()
    assert len(found[found["task"] == TASKS[0]]) == 3


def test_an_architecture_that_never_finished_is_listed_without_a_rank(
    factorial: Make, record: Callable[..., Record]
) -> None:
    records = factorial(noisy(0.01), NORMS, TASKS, ("cnn", "mlp"))
    rest = [record(r.trial, None, outcome="failed") if r.trial.architecture == "mlp" else r for r in records]
    found = leaderboard(table(rest), NORMS)
    for task in ("all", *TASKS):
        mlp = found[(found["task"] == task) & (found["architecture"] == "mlp")].iloc[0]
        assert (mlp["coverage"], mlp["n_seeds"], mlp["n_failed"]) == (0.0, 0, 12 if task == "all" else 6)
        assert mlp[["rank_low", "mean", "norm"]].isna().all()


def test_two_without_a_seed_in_common_are_not_compared(record: Callable[..., Record]) -> None:
    seeds = {"cnn": range(3), "mlp": range(3, 6)}
    records = [
        record(Trial(task="image/digits", architecture=name, seed=seed), WORTH[name] + seed / 1e6)
        for name in seeds
        for seed in seeds[name]
    ]
    found = board(table(records), "image/digits")
    assert found["rank_high"].tolist() == [2, 2]
    assert found["n_missing"].tolist() == [3, 3]


def test_the_empty_table_and_the_unknown_task(factorial: Make) -> None:
    frame = table(factorial(noisy(0.01), NORMS, TASKS, WORTH))
    for task in (None, "all", "image/digits"):
        empty, full = leaderboard(table([]), NORMS, task=task), leaderboard(frame, NORMS, task=task)
        assert empty.dtypes.to_dict() == full.dtypes.to_dict()
    assert leaderboard(table([]), NORMS, task="image/digits").empty
    with pytest.raises(ValueError, match="no task 'digits'; one of all, image/digits, tabular/breast_cancer"):
        leaderboard(frame, NORMS, task="digits")


def test_the_order_of_rows_does_not_matter(factorial: Make) -> None:
    frame = table(factorial(noisy(0.05), NORMS, TASKS, WORTH))
    shuffled = frame.sample(frac=1.0, random_state=0)
    pd.testing.assert_frame_equal(leaderboard(frame, NORMS), leaderboard(shuffled, NORMS))


def test_neighbours_that_are_tied_say_how_many_seeds_would_tell_them(factorial: Make) -> None:
    """The nearest two need more than there are, as many as the power of the paired t-test at Holm's level asks for."""
    found = board(table(factorial(noisy(0.02, start=3), {}, TASKS, WORTH, seeds=6)), "all")
    order = list(found.index)
    tied = [set(a) & set(b) for a, b in pairwise(found["tie_group"])]
    for name, shared, needed in zip(order, tied, found["seeds_needed"], strict=False):
        assert pd.isna(needed) == (not shared), name
    assert pd.isna(found["seeds_needed"].iloc[-1])
    close = found.loc[[name for name in order if name in ("gru", "mlp")], "seeds_needed"].iloc[0]
    assert close > 6


def test_seeds_needed_by_hand(factorial: Make) -> None:
    """Two architectures are one comparison, at 0.05: d_z 0.5 needs 34 pairs."""
    away = np.array([1.0, -1.0, 2.0, -2.0, 0.5, -0.5])
    away = 0.01 * (0.5 + away / away.std(ddof=1))

    def score(trial: Trial) -> float:
        return 0.5 + (away[trial.seed] if trial.architecture == "gru" else 0.0)

    found = board(table(factorial(score, {}, TASKS[:1], ("gru", "mlp"), seeds=6)), TASKS[0])
    assert found["seeds_needed"].tolist() == [34, pd.NA]


@settings(max_examples=200)
@given(some.integers(1, 7), some.randoms(use_true_random=False))
def test_two_share_a_letter_exactly_when_they_are_not_told_apart(count: int, random: object) -> None:
    apart = np.zeros((count, count), dtype=bool)
    for one, other in combinations(range(count), 2):
        apart[one, other] = apart[other, one] = random.random() < 0.5  # type: ignore[attr-defined]
    groups = [set(group) for group in letters(apart)]
    assert all(groups)
    for one, other in combinations(range(count), 2):
        assert groups[one].isdisjoint(groups[other]) == apart[one, other]


def test_letters_by_hand() -> None:
    apart = np.array([[0, 0, 1], [0, 0, 0], [1, 0, 0]], dtype=bool)
    assert letters(apart) == ["a", "ab", "b"]
    assert letters(np.zeros((0, 0), dtype=bool)) == []
