"""Tables of other tools: the same numbers as from records, and one sentence for what is wrong."""

import io
import json
import subprocess
import sys
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from suite.analysis.effects import effects
from suite.analysis.foreign import first, foreign, read
from suite.analysis.interval import intervals, over_units, unit_means
from suite.analysis.ranking import leaderboard


def results() -> pd.DataFrame:
    """Losses of two optimizers at two rates, on two data sets, with two models, in five folds; one run is lost."""
    rng = np.random.default_rng(0)
    rows = []
    for fold, name, rate, data, model in product(range(5), ("sgd", "adam"), (0.1, 0.01), ("a", "b"), ("x", "y")):
        loss = 1 + 0.1 * fold - 0.2 * (name == "adam") + 0.05 * (model == "y") + rng.normal(0, 0.01)
        rows.append({"fold": fold, "optimizer": name, "lr": rate, "data": data, "model": model, "loss": loss})
    frame = pd.DataFrame(rows)
    frame.loc[3, "loss"] = np.nan
    return frame


def analysed(**given: object) -> tuple[pd.DataFrame, object]:
    options = {"unit": "fold", "score": "loss", "factors": ["optimizer", "lr"], "task": "data", "competitor": "model"}
    return foreign(results(), **(options | given))  # type: ignore[arg-type]


def test_an_effect_is_scipys_paired_test() -> None:
    only = results().query("data == 'a' and model == 'x' and lr == 0.01")
    table, factors = foreign(only, unit="fold", score="loss", factors=["optimizer"], lower_is_better=True)
    (row,) = effects(table, factors).query("task == 'all' and architecture == 'all'").to_dict("records")
    wide = -only.pivot(index="fold", columns="optimizer", values="loss")
    test = stats.ttest_rel(wide["adam"], wide["sgd"])
    interval = test.confidence_interval()
    assert (row["reference"], row["level"]) == ("sgd", "adam")
    assert (row["effect"], row["low"], row["high"]) == pytest.approx(
        ((wide["adam"] - wide["sgd"]).mean(), interval.low, interval.high)
    )
    assert row["p"] == pytest.approx(test.pvalue)


def test_a_run_without_a_score_failed_and_is_counted() -> None:
    table, factors = analysed(lower_is_better=True)
    assert (table["outcome"] == "failed").sum() == 1
    found = effects(table, factors).query("task == 'all' and architecture == 'all'")
    assert set(found["n_missing"]) == {1}
    assert set(found["n_pairs"]) == {39}


def test_competitors_are_ranked_and_lower_can_be_better() -> None:
    table, factors = analysed(lower_is_better=True)
    board = leaderboard(table, factors, task="all")
    assert list(board["architecture"]) == ["x", "y"]
    table, factors = analysed()
    assert list(leaderboard(table, factors, task="all")["architecture"]) == ["y", "x"]


def test_the_first_level_is_the_reference_unless_told() -> None:
    _, factors = analysed()
    assert factors == {"optimizer": ("sgd", "adam"), "lr": (0.1, 0.01)}
    assert first(factors, {"lr": "0.01"})["lr"] == (0.01, 0.1)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"no level of lr '5'; one of 0\.1, 0\.01"):
        first(factors, {"lr": "5"})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"score": "los"}, "no column 'los'; one of fold, optimizer, lr, data, model, loss"),
        ({"unit": "seed"}, "no column 'seed'"),
        ({"factors": ["optimizer", "optimizer"]}, "each column has one role"),
        ({"task": "fold"}, "each column has one role"),
    ],
)
def test_a_wrong_column_gets_those_there_are(given: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        analysed(**given)


def test_files_of_every_kind_are_read(tmp_path: Path) -> None:
    frame = results()
    frame.to_csv(tmp_path / "r.csv", index=False)
    frame.to_csv(tmp_path / "r.tsv", index=False, sep="\t")
    frame.to_parquet(tmp_path / "r.parquet")
    for path in sorted(tmp_path.iterdir()):
        pd.testing.assert_frame_equal(read(path), frame, check_exact=False)


def test_what_is_no_table_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "r.parquet").write_bytes(b"no parquet")
    (tmp_path / "r.csv").write_bytes(b"")
    for name, message in (
        ("r.txt", "its name ends in none of .csv, .tsv, .parquet"),
        ("none.csv", "there is no file"),
        ("r.parquet", "cannot be read"),
        ("r.csv", "cannot be read"),
    ):
        with pytest.raises(ValueError, match=message):
            read(tmp_path / name)


def test_the_command_says_and_writes_the_same(tmp_path: Path) -> None:
    results().to_csv(tmp_path / "r.csv", index=False)
    words = ["analyze", str(tmp_path / "r.csv"), "--unit", "fold", "--score", "loss", "--factor", "optimizer=adam"]
    words += ["--factor", "lr", "--task", "data", "--competitor", "model", "--lower", "--json"]
    run = [sys.executable, "-c", "from suite.cli.main import main; main()"]
    document = json.loads(subprocess.run([*run, *words], capture_output=True, text=True, check=True).stdout)
    table, factors = analysed(lower_is_better=True)
    expected = effects(table, first(factors, {"optimizer": "adam"}))  # type: ignore[arg-type]
    assert [row["effect"] for row in document["effects"]] == pytest.approx(list(expected["effect"]))
    assert {row["unit"] for row in document["effects"]} == {"negative loss"}
    assert document["pairwise"]
    words[-1] = "--csv"
    cells = pd.read_csv(io.StringIO(subprocess.run([*run, *words], capture_output=True, text=True, check=True).stdout))
    assert cells["effect"].tolist() == [row["effect"] for row in document["effects"]]
    assert set(cells["unit"]) == {"negative loss"}
    wrong = subprocess.run([*run, "analyze", "r.txt", "--unit", "u", "--score", "s"], capture_output=True, text=True)
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert wrong.stderr.startswith("wonderland: r.txt is no table")


def test_the_sentence_leaves_out_what_the_table_does_not_have(tmp_path: Path) -> None:
    """No task "-", no method "-", and what is averaged over is called as its column is."""
    rows = results()
    rows = rows[(rows["data"] == rows["data"].iloc[0]) & (rows["model"] == rows["model"].iloc[0])]
    rows.to_csv(tmp_path / "r.csv", index=False)
    words = ["analyze", str(tmp_path / "r.csv"), "--unit", "fold", "--score", "loss", "--factor", "optimizer"]
    run = [sys.executable, "-c", "from suite.cli.main import main; main()"]
    said = subprocess.run([*run, *words, "--factor", "lr"], capture_output=True, text=True, check=True).stdout
    sentence = said.partition("\n\n")[0]
    assert " -" not in sentence.replace(" -0", "")
    assert " folds" in sentence
    assert "seed" not in sentence


def test_folds_shared_by_data_sets_are_not_independent_samples() -> None:
    """Each fold moves the difference alike on all data sets, so that only folds are a sample.

    Between four data sets of six folds, the interval over folds covers the truth in 95 of 100 tables; one that takes
    the 24 numbers for independent, in fewer than 80.
    """
    rng = np.random.default_rng(0)
    units_NTS = rng.normal(0, 1, (2000, 1, 6)) + rng.normal(0, 0.5, (2000, 4, 6))
    shared, apart = over_units(units_NTS), intervals(units_NTS)
    assert ((shared.low < 0) & (shared.high > 0)).mean() == pytest.approx(0.95, abs=0.015)
    assert ((apart.low < 0) & (apart.high > 0)).mean() < 0.8
    np.testing.assert_allclose(shared.mean, apart.mean)


def test_a_fold_that_a_data_set_lacks_is_left_out_of_the_units() -> None:
    units_TS = np.array([[1.0, 2.0, np.nan], [3.0, 6.0, 5.0], [np.nan, np.nan, np.nan]])
    np.testing.assert_allclose(unit_means(units_TS), [2.0, 4.0, np.nan])
