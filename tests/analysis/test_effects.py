"""Effects against tables whose effects are known, against scipy's paired test, and where runs are lost."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from scipy import stats

from suite.analysis.effects import effects
from suite.analysis.table import table
from suite.record import Record
from suite.trial import Trial

FACTORS = {"norm": ("none", "batch", "rms"), "residual": ("none", "add"), "depth": (2, 8)}
TASKS = ("image/digits", "tabular/breast_cancer", "tabular/diabetes")
NETS = ("cnn", "mlp")
Make = Callable[..., list[Record]]


def golden(trial: Trial) -> float:
    """No noise; norm, residual and depth interact, and each seed and network has a level of its own."""
    batch, add, deep = trial.tricks.norm == "batch", trial.tricks.residual == "add", trial.size.depth == 8
    own = 0.01 * trial.seed + (0.1 if trial.architecture == "cnn" else 0.0)
    return 0.3 + own + 0.04 * batch + 0.06 * add + 0.02 * deep + 0.08 * batch * add + 0.04 * batch * deep


def noisy(size: float = 0.02, start: int = 0) -> Callable[[Trial], float]:
    rng = np.random.default_rng(start)
    return lambda trial: golden(trial) + float(rng.normal(0, size))


def row(rows: pd.DataFrame, level: object, task: str = "all", architecture: str = "all") -> pd.Series:
    found = rows[(rows["level"] == level) & (rows["task"] == task) & (rows["architecture"] == architecture)]
    assert len(found) == 1
    return found.iloc[0]


def test_the_average_effect_and_not_the_effect_at_a_corner(factorial: Make) -> None:
    """Norm is worth 0.04 where nothing else is on and 0.16 where all is; over all settings it is worth 0.10."""
    rows = effects(table(factorial(golden, FACTORS, seeds=6)), FACTORS)
    batch = row(rows, "batch", "image/digits")
    assert batch["effect"] == pytest.approx(0.10, abs=1e-12)
    assert (batch["low"], batch["high"]) == pytest.approx((0.10, 0.10))
    assert (batch["unit"], batch["verdict"], batch["n_pairs"], batch["n_seeds"]) == ("accuracy", "inconclusive", 24, 6)
    assert row(rows, "rms", "image/digits")["effect"] == pytest.approx(0.0, abs=1e-12)
    assert row(rows, "rms", "image/digits")["p"] == 1.0
    assert row(rows, "add", "image/digits")["effect"] == pytest.approx(0.06 + 0.08 / 3)
    assert row(rows, 8, "image/digits")["effect"] == pytest.approx(0.02 + 0.04 / 3)


def test_one_at_a_time_gives_the_effect_at_the_reference_and_misses_nothing(
    record: Callable[..., Record],
) -> None:
    arms = [{}, {"norm": "batch"}, {"norm": "rms"}, {"residual": "add"}, {"depth": 8}]
    start = {"norm": "none", "residual": "none", "depth": 2}
    blocks = [Trial(task="image/digits", architecture="mlp", seed=seed) for seed in range(3)]
    trials = [block.moved({**start, **arm}) for block in blocks for arm in arms]
    rows = effects(table([record(trial, golden(trial)) for trial in trials]), FACTORS)
    assert row(rows, "batch", "image/digits")["effect"] == pytest.approx(0.04)
    assert (rows["n_missing"] == 0).all()
    assert (rows["n_pairs"] == 3).all()


def test_over_all_tasks_scores_are_normalised(factorial: Make) -> None:
    rows = effects(table(factorial(golden, FACTORS, TASKS, NETS, seeds=6)), FACTORS)
    for task, chance in (("image/digits", 0.1), ("tabular/breast_cancer", 0.6), ("tabular/diabetes", 0.0)):
        assert row(rows, "batch", task)["effect"] == pytest.approx(0.10), chance
    pooled = row(rows, "batch")
    assert pooled["effect"] == pytest.approx(np.mean([0.10 / 0.9, 0.10 / 0.4, 0.10 / 1.0]))
    assert (pooled["unit"], pooled["n_tasks"], pooled["n_contexts"]) == ("normalised score", 3, 6)
    assert row(rows, "batch", "tabular/diabetes")["unit"] == "r2"


def test_a_single_pair_of_arms_is_scipys_paired_t_test(factorial: Make) -> None:
    norms = {"norm": ("none", "batch")}
    frame = table(factorial(noisy(), norms, seeds=7))
    before, after = (frame[frame["norm"] == level].sort_values("seed")["test"] for level in ("none", "batch"))
    theirs = stats.ttest_rel(after, before)
    interval = theirs.confidence_interval(0.95)
    ours = row(effects(frame, norms), "batch", "image/digits")
    assert ours["effect"] == pytest.approx(after.mean() - before.mean())
    assert (ours["low"], ours["high"], ours["p"]) == pytest.approx((interval.low, interval.high, theirs.pvalue))
    assert ours["correlation"] == pytest.approx(  # with equal weights of both spreads
        np.cov(after, before)[0, 1] / np.sqrt(after.var() * before.var())
    )
    paired = (after.to_numpy() - before.to_numpy()).var(ddof=1)
    assert ours["variance_ratio"] == pytest.approx((after.var() + before.var()) / paired)


def test_other_settings_and_networks_are_averaged_inside_the_seed(factorial: Make) -> None:
    """Twelve pairs of three seeds are three numbers, not twelve."""
    frame = table(factorial(noisy(), FACTORS, ("image/digits",), NETS, seeds=3))
    wide = frame.pivot_table(index="seed", columns=["architecture", "norm", "depth", "residual"], values="test")
    units = np.mean([wide[a]["batch"][d] - wide[a]["none"][d] for a in NETS for d in (2, 8)], axis=(0, 2))
    ours = row(effects(frame, FACTORS), "batch", "image/digits")
    assert (ours["effect"], ours["p"]) == pytest.approx((units.mean(), stats.ttest_1samp(units, 0).pvalue))
    assert (ours["n_pairs"], ours["n_seeds"]) == (24, 3)


@settings(max_examples=10)
@given(some.integers(0, 2**32 - 1))
def test_neither_the_order_of_rows_nor_the_level_of_a_block_matters(factorial: Make, seed: int) -> None:
    frame = table(factorial(noisy(), FACTORS, TASKS, NETS))
    rng = np.random.default_rng(seed)
    block = frame.groupby(["task", "seed"]).ngroup()
    moved = frame.assign(score=frame["score"] + rng.normal(size=block.max() + 1)[block])
    moved = moved.sample(frac=1.0, random_state=seed)
    of_levels = ["correlation", "variance_ratio"]  # these tell how much of the spread the blocks have in common
    before, after = (effects(each, FACTORS).drop(columns=of_levels) for each in (frame, moved))
    pd.testing.assert_frame_equal(before, after)


def test_shared_luck_of_a_seed_is_taken_out_and_shown(factorial: Make) -> None:
    rng = np.random.default_rng(0)
    luck = dict(enumerate(rng.normal(0, 0.2, 8)))
    score = noisy(0.01)
    rows = effects(table(factorial(lambda t: score(t) + luck[t.seed], FACTORS, seeds=8)), FACTORS)
    batch = row(rows, "batch")
    assert batch["verdict"] == "better"
    assert batch["correlation"] > 0.99
    assert batch["variance_ratio"] > 100


def test_lost_runs_are_counted_and_never_averaged(factorial: Make, record: Callable[..., Record]) -> None:
    records = factorial(golden, FACTORS, ("image/digits",), NETS, seeds=3)
    lost = next(r for r in records if r.trial.tricks.norm == "batch" and r.trial.seed == 1)
    failed = [record(r.trial, None, outcome="diverged") if r is lost else r for r in records]
    absent = [r for r in records if r is not lost]
    for rest in (failed, absent):
        batch = row(effects(table(rest), FACTORS), "batch", "image/digits")
        assert (batch["n_pairs"], batch["n_missing"]) == (23, 1)
        assert 0.09 < batch["effect"] < 0.11
        assert row(effects(table(rest), FACTORS), "rms", "image/digits")["n_missing"] == 0


def test_a_level_that_never_finished_has_a_row_and_no_number(factorial: Make, record: Callable[..., Record]) -> None:
    records = factorial(noisy(), FACTORS)
    rest = [record(r.trial, None, outcome="failed") if r.trial.tricks.norm == "batch" else r for r in records]
    rows = effects(table(rest), FACTORS)
    batch = row(rows, "batch")
    assert batch[["effect", "low", "high", "p", "p_holm"]].isna().all()
    assert (batch["n_pairs"], batch["n_missing"], batch["n_seeds"], batch["verdict"]) == (0, 12, 0, "inconclusive")
    assert np.isfinite(row(rows, "rms")["p_holm"])


def test_a_seed_of_one_task_only_enters_that_task(factorial: Make) -> None:
    records = factorial(noisy(), FACTORS, TASKS[:1], seeds=4) + factorial(noisy(), FACTORS, TASKS[1:2], seeds=2)
    rows = effects(table(records), FACTORS)
    assert row(rows, "batch", TASKS[0])["n_seeds"] == 4
    assert (row(rows, "batch")["n_seeds"], row(rows, "batch")["n_tasks"]) == (2, 2)
    assert row(rows, "batch")["n_missing"] == 2 * 4


def test_networks_that_a_task_refuses_are_not_missing(factorial: Make) -> None:
    records = factorial(noisy(), FACTORS, TASKS[:1], ("mlp", "cnn")) + factorial(noisy(), FACTORS, TASKS[1:2], ("mlp",))
    rows = effects(table(records), FACTORS)
    assert (rows["n_missing"] == 0).all()
    assert rows[(rows["task"] == TASKS[1]) & (rows["architecture"] == "cnn")].empty
    assert row(rows, "batch")["n_contexts"] == 3


def test_with_one_seed_there_is_an_effect_and_no_certainty(factorial: Make) -> None:
    batch = row(effects(table(factorial(golden, FACTORS, TASKS, seeds=1)), FACTORS), "batch", "image/digits")
    assert batch["effect"] == pytest.approx(0.10)
    assert batch[["low", "high", "p", "p_holm", "correlation", "variance_ratio"]].isna().all()
    assert batch["verdict"] == "inconclusive"


@pytest.mark.parametrize("factors", [FACTORS, {}, {"norm": ("none",)}])
def test_the_empty_table_gives_the_empty_table(factors: dict[str, tuple[object, ...]], factorial: Make) -> None:
    empty, full = effects(table([]), factors), effects(table(factorial(noisy(), FACTORS)), FACTORS)
    assert empty.empty
    assert empty.dtypes.to_dict() == full.dtypes.to_dict()


def test_holm_counts_all_levels_of_all_factors_of_a_scope(factorial: Make) -> None:
    rows = effects(table(factorial(noisy(), FACTORS, TASKS, NETS)), FACTORS)
    family = rows[(rows["task"] == "all") & (rows["architecture"] == "all")]
    assert len(family) == 4
    least = family.loc[family["p"].idxmin()]
    assert least["p_holm"] == pytest.approx(4 * least["p"])
    assert (family["p_holm"] >= family["p"]).all()


def test_higher_confidence_is_wider_and_decides_less(factorial: Make) -> None:
    frame = table(factorial(noisy(0.05), FACTORS, TASKS))
    wide, usual = effects(frame, FACTORS, confidence=0.999), effects(frame, FACTORS)
    assert ((wide["high"] - wide["low"]) > (usual["high"] - usual["low"])).all()
    assert (wide["verdict"] != "inconclusive").sum() < (usual["verdict"] != "inconclusive").sum()


def test_where_nothing_works_a_study_says_so_19_times_in_20(factorial: Make) -> None:
    """200 studies without any effect, 3 levels each: with Holm at most 5% of them may decide anything."""
    factors = {"norm": FACTORS["norm"], "residual": FACTORS["residual"]}
    frame = table(factorial(golden, factors, TASKS[:1], seeds=3))
    rng = np.random.default_rng(1)
    wrong = 0
    for _ in range(200):
        rows = effects(frame.assign(score=rng.normal(size=len(frame))), factors)
        wrong += (rows[(rows["task"] == "all") & (rows["architecture"] == "all")]["verdict"] != "inconclusive").any()
    assert 0 < wrong <= 200 * 0.05 + 2 * np.sqrt(200 * 0.05 * 0.95)
