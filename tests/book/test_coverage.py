"""`wonderland coverage`: the map as a table, and as one document."""

import json
from pathlib import Path

from typer.testing import CliRunner

from suite.book.answers import verdicts
from suite.book.map import ROWS
from suite.cli.main import app
from suite.store import Plan, Store


def run(*words: str, runs: Path) -> str:
    result = CliRunner().invoke(app, ["coverage", *words, "--runs", str(runs)])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_every_row_is_in_the_document(tmp_path: Path) -> None:
    rows = json.loads(run("--json", runs=tmp_path))["rows"]
    assert [row["name"] for row in rows] == [row.name for row in ROWS]
    norm = next(row for row in rows if row["name"] == "Batch normalization")
    assert (norm["section"], norm["levels"], norm["tests"][0]) == ("9.3.2", ["norm=batch"], "X17")
    residual = next(row for row in rows if row["name"] == "Residual connection")
    assert (residual["studies"], residual["answered"]) == (["h30_residual_depth"], False)


def test_a_chapter_is_told_row_by_row(tmp_path: Path) -> None:
    told = run("12", runs=tmp_path)
    assert "Spatio-temporal" in told
    assert "Batch" not in told.replace("Batches", "")


def test_gaps_are_only_what_is_missing(tmp_path: Path) -> None:
    rows = json.loads(run("--gaps", "--json", runs=tmp_path))["rows"]
    assert rows
    assert not [row for row in rows if row["implemented"] or not row["gap"]]


def test_an_unknown_chapter_is_a_wrong_usage(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["coverage", "14", "--runs", str(tmp_path)])
    assert result.exit_code == 2


def test_a_study_that_cannot_be_read_is_left_out_and_said(tmp_path: Path) -> None:
    folder = tmp_path / "broken"
    folder.mkdir()
    (folder / "plan.json").write_text("{")
    found, unread = verdicts(Store(tmp_path))
    assert found == ()
    assert "broken" in unread[0]


def test_a_study_without_claims_gives_no_verdict(tmp_path: Path) -> None:
    plan = Plan(
        name="quiet", question="?", design="factorial", tasks=(), architectures=(), factors={}, baseline={},
        seeds=1, trials=(),
    )  # fmt: skip
    Store(tmp_path).write_plan(plan)
    assert verdicts(Store(tmp_path)) == ((), ())
