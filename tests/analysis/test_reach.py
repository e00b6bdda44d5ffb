"""How far an effect reaches, how large it is, whether it is small enough: against scipy, statsmodels, simulation."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.weightstats import ttost_paired

from suite.analysis.effects import effects
from suite.analysis.interval import holm, holm_levels, intervals, over_groups
from suite.analysis.table import table
from suite.record import Record
from suite.trial import Trial

FACTORS = {"norm": ("none", "layer")}
TASKS = ("image/digits", "series/mnist1d", "tabular/breast_cancer", "tabular/diabetes")
CHANCE = {"image/digits": 0.1, "series/mnist1d": 0.1, "tabular/breast_cancer": 0.6, "tabular/diabetes": 0.0}
Make = Callable[..., list[Record]]


def noisy(worth: float = 0.05, between: float = 0.02, size: float = 0.02, start: int = 0) -> Callable[[Trial], float]:
    """Layer norm is worth something else on each task, in normalised score."""
    rng = np.random.default_rng(start)
    own = {task: worth + float(rng.normal(0, between)) for task in TASKS}

    def score(trial: Trial) -> float:
        on = trial.tricks.norm == "layer"
        span = 1 - CHANCE[trial.task]
        return CHANCE[trial.task] + span * (0.5 + 0.03 * trial.seed + on * own[trial.task] + float(rng.normal(0, size)))

    return score


def pooled(rows: pd.DataFrame) -> pd.Series:
    return rows[(rows["task"] == "all") & (rows["architecture"] == "all")].iloc[0]


def differences(frame: pd.DataFrame, value: str = "score") -> pd.DataFrame:
    """Task by seed."""
    y = frame.pivot_table(index="task", columns=["seed", "norm"], values=value)
    return y.xs("layer", axis=1, level="norm") - y.xs("none", axis=1, level="norm")


def test_new_tasks_are_a_t_interval_over_the_means_of_tasks(factorial: Make) -> None:
    frame = table(factorial(noisy(between=0.1), FACTORS, TASKS, seeds=5))
    found = pooled(effects(frame, FACTORS, reach="new-tasks"))
    means = differences(frame).mean(axis=1)
    test = stats.ttest_1samp(means, 0)
    interval = test.confidence_interval(0.95)
    assert found[["effect", "low", "high", "p"]].tolist() == pytest.approx([means.mean(), *interval, test.pvalue])
    assert found["d_z"] == pytest.approx(means.mean() / means.std(ddof=1))
    assert pd.isna(found["seeds_needed"])
    these = pooled(effects(frame, FACTORS))
    assert these["effect"] == pytest.approx(found["effect"])
    assert these["high"] - these["low"] < found["high"] - found["low"]
    single = effects(frame, FACTORS, reach="new-tasks").query("task != 'all'").reset_index(drop=True)
    alike = effects(frame, FACTORS).query("task != 'all'").reset_index(drop=True)
    pd.testing.assert_frame_equal(single, alike)


def test_one_task_says_nothing_of_new_tasks(factorial: Make) -> None:
    rows = effects(table(factorial(noisy(), FACTORS, TASKS[:1], seeds=8)), FACTORS, reach="new-tasks")
    assert pooled(rows)[["low", "high", "p", "p_holm", "q", "i2", "between_sd"]].isna().all()
    assert pooled(rows)["verdict"] == "inconclusive"
    assert rows[rows["task"] == TASKS[0]]["verdict"].tolist() == ["better", "better"]


def test_heterogeneity_is_that_of_the_differences(factorial: Make) -> None:
    frame = table(factorial(noisy(between=0.05), FACTORS, TASKS, seeds=6))
    found, d = pooled(effects(frame, FACTORS)), differences(frame)
    v, m = d.var(axis=1) / 6, d.mean(axis=1)
    q = (((m - (m / v).sum() / (1 / v).sum()) ** 2) / v).sum()
    assert found["q"] == pytest.approx(q)
    assert found["i2"] == pytest.approx(max(0, (q - 3) / q))
    assert found["between_sd"] == pytest.approx(max(0.0, m.var() - v.mean()) ** 0.5)


def test_sizes_of_one_task(factorial: Make) -> None:
    frame = table(factorial(noisy(size=0.05), FACTORS, TASKS[:1], seeds=7))
    found, d = effects(frame, FACTORS).query("task != 'all'").iloc[0], differences(frame).iloc[0]
    assert found["d_z"] == pytest.approx(d.mean() / d.std())
    exact = stats.permutation_test((d,), np.mean, permutation_type="samples", n_resamples=np.inf).pvalue
    assert found["p_sign_flip"] == pytest.approx(exact)
    y = frame.pivot_table(index="seed", columns="norm", values="score")
    assert found["variance_ratio"] == pytest.approx(y.var().sum() / d.var())


def test_equivalence_is_schuirmanns(factorial: Make) -> None:
    """Two one-sided tests in the task's own metric, as statsmodels has them."""
    frame = table(factorial(noisy(worth=0.0, between=0.0, start=1), FACTORS, ("image/digits",), seeds=10))
    y = frame.pivot_table(index="seed", columns="norm", values="test")
    for margin in (0.01, 0.02, 0.05):
        found = effects(frame, FACTORS, margin=margin).query("task != 'all'").iloc[0]
        p, *_ = ttost_paired(y["layer"], y["none"], -margin, margin)
        assert found["p_equivalent"] == pytest.approx(p)
        assert (found["verdict"] == "equivalent") == (p < 0.05)
    assert found["verdict"] == "equivalent"
    assert pd.isna(found["seeds_needed"])
    without = effects(frame, FACTORS).query("task != 'all'").iloc[0]
    assert (without["verdict"], np.isnan(without["p_equivalent"])) == ("inconclusive", True)
    assert without["seeds_needed"] > 10


def test_a_small_effect_that_is_certain_is_equivalent_where_the_margin_says_that_it_does_not_matter(
    factorial: Make,
) -> None:
    frame = table(factorial(noisy(worth=0.01, between=0.0, size=0.001), FACTORS, TASKS, seeds=6))
    assert pooled(effects(frame, FACTORS))["verdict"] == "better"
    assert pooled(effects(frame, FACTORS, margin=0.02))["verdict"] == "equivalent"
    assert pooled(effects(frame, FACTORS, margin=0.005))["verdict"] == "better"


@pytest.mark.parametrize("seeds", [3, 5])
@pytest.mark.parametrize("tasks", [4, 8])
def test_pooled_tests_err_no_more_often_than_they_say(tasks: int, seeds: int) -> None:
    """Under no effect at all for these tasks; for new tasks, also where each task has an effect of its own around 0."""
    rng = np.random.default_rng(tasks * seeds)
    noise = rng.normal(0, rng.uniform(0.5, 2.0, (tasks, 1)), (8000, tasks, seeds))
    own = rng.normal(0, 0.7, (8000, tasks, 1))
    slack = 3 * (0.05 * 0.95 / 8000) ** 0.5
    assert (intervals(noise).p < 0.05).mean() <= 0.05 + slack
    assert (over_groups(noise + own).p < 0.05).mean() <= 0.05 + slack
    assert (intervals(noise + own).p < 0.05).mean() > 0.1, "the seeds of these tasks say nothing of others"


def test_holms_family_errs_no_more_often_than_it_says() -> None:
    rng = np.random.default_rng(0)
    base = rng.normal(0, 1, (4000, 1, 4, 5))
    arms = rng.normal(0, 1, (4000, 10, 4, 5))
    p = intervals(arms - base).p  # ten arms against one reference
    family = np.array([holm(row).min() < 0.05 for row in p])
    slack = 3 * (0.05 * 0.95 / 4000) ** 0.5
    assert 0.01 < family.mean() <= 0.05 + slack
    assert (p.min(axis=1) < 0.05).mean() > 0.2, "without a correction it would"


def test_holms_levels_are_those_of_its_steps() -> None:
    p = np.array([0.04, 0.001, np.nan, 0.02])
    assert holm_levels(p, 0.05).tolist() == pytest.approx([0.05, 0.05 / 3, np.nan, 0.025], nan_ok=True)
