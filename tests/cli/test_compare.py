"""Comparing two studies, or two commits of one: what is said, and the exit code."""

import csv
import io
import json
from pathlib import Path

import pytest

from suite.record import Record
from suite.store import Store
from tests.cli.conftest import Wonderland
from tests.records import record
from tests.test_store import filled, plan

OLD, NEW = "a1b2c3d4e5", "f6a7b8c9d0"


def at_commit(found: Record, commit: str) -> Record:
    return found.model_copy(update={"provenance": found.provenance.model_copy(update={"commit": commit})})


def runs(commit: str, moved: float = 0.0) -> list[Record]:
    """Eight seeds of two norms, those with a norm worse by about so much."""
    return [
        at_commit(
            record(
                seed, norm=norm, source=commit, test=0.5 + 0.01 * seed - moved * (1 + seed / 50) * (norm == "layer")
            ),
            commit,
        )
        for norm in ("none", "layer")
        for seed in range(8)
    ]


@pytest.fixture
def swept_twice(tmp_path: Path) -> Store:
    """A study swept at two commits, the later worse with a norm; and its runs of the first in a study apart."""
    filled(tmp_path / "runs", "before", runs(OLD))
    store = filled(tmp_path / "runs", "study", [*runs(OLD), *runs(NEW, 0.05)])
    store.write_plan(plan("study", runs(OLD)))
    return store


def test_two_commits_of_a_study(wonderland: Wonderland, swept_twice: Store) -> None:
    done = wonderland("compare", f"study@{OLD[:4]}", f"study@{NEW}", "--json")
    found = json.loads(done.out)
    assert done.code == 0
    assert found["before"]["commits"] == [OLD]
    assert found["after"]["commits"] == [NEW]
    assert (found["pairs"], found["same"], found["regression"]) == (16, 8, True)
    normed = next(row for row in found["rows"] if row["at"] == "norm layer")
    assert normed["effect"] == pytest.approx(-0.0535)
    assert normed["verdict"] == "worse"


def test_a_study_with_another_one(wonderland: Wonderland, swept_twice: Store) -> None:
    done = wonderland("compare", "before", "study")
    assert done.code == 0
    assert "8 of 16 pairs of runs came out the same" in done.out.replace("\n", " ")
    assert "wonderland effects study" in done.err


def test_what_is_unchanged_is_counted_and_not_listed(wonderland: Wonderland, swept_twice: Store) -> None:
    short, full = (wonderland("compare", "before", "study", *more).out for more in ((), ("--all",)))
    assert "norm none" not in short
    assert "1 row is unchanged; --all shows it" in short
    assert "norm none" in full


def test_a_folder_stands_for_its_study(wonderland: Wonderland, swept_twice: Store, tmp_path: Path) -> None:
    (tmp_path / "runs").rename(tmp_path / "elsewhere")
    filled(tmp_path / "runs", "study", runs(NEW, 0.05))
    done = wonderland("compare", "elsewhere/study@a1b2", "study", "--json")
    assert json.loads(done.out)["same"] == 8
    assert wonderland("compare", "elsewhere", "study").code == 6


def test_an_exported_study_is_a_side(wonderland: Wonderland, swept_twice: Store) -> None:
    assert wonderland("export", "before", "--out", "bundle").code == 0
    assert json.loads(wonderland("compare", "bundle", "before", "--json").out)["same"] == 16


def test_a_regression_fails_where_that_is_asked_for(wonderland: Wonderland, swept_twice: Store) -> None:
    assert wonderland("compare", "before", "study", "--fail-on-regression").code == 1
    assert wonderland("compare", "study", "before", "--fail-on-regression").code == 0
    assert wonderland("compare", "before", "study", "--fail-on-regression", "--margin", "0.1").code == 0


def test_csv_has_every_row(wonderland: Wonderland, swept_twice: Store) -> None:
    rows = list(csv.DictReader(io.StringIO(wonderland("compare", "before", "study", "--csv").out)))
    assert [row["at"] for row in rows] == ["", "norm none", "norm layer"]
    assert {"effect", "low", "high", "p_holm", "n_same", "verdict"} <= set(rows[0])


def test_what_cannot_be_asked_says_why(wonderland: Wonderland, swept_twice: Store) -> None:
    unknown = wonderland("compare", "study@0000", "study")
    assert unknown.code == 6
    assert f"there is {OLD}, {NEW}" in unknown.err
    assert wonderland("compare", "study@a1", "study").code == 6
    for words in (("--by", "norm"), ("--table", "ranks")):
        assert wonderland("compare", "before", "study", *words).code == 2
    assert wonderland("compare", "study", "--fail-on-regression").code == 2
    assert wonderland("compare", "before", "study", "--task", "image/digit").code == 2
