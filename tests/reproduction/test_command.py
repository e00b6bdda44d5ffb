"""`wonderland reproduce`: what it says of rows, studies, bundles and the published board, and how it ends."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from suite.board import protocol
from suite.export.bundle import export
from suite.record import Record
from suite.reproduction.asked import asked
from suite.reproduction.kept import kept
from suite.store import Store, StoreError
from suite.train import train
from suite.trial import Trial
from tests.board.made import board, honest, rows
from tests.test_store import filled

ROOT = Path(__file__).parents[2]
CHEAP = {"steps": 10, "width": 8, "depth": 1}
ROWS = [("tabular/breast_cancer", "mlp"), ("image/digits", "cnn"), ("sequence/parity", "gru")]
Wonderland = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def trained() -> list[Record]:
    """A few cheap rows of other data types and architectures."""
    return [train(Trial(task=task, architecture=name).moved(CHEAP)) for task, name in ROWS]


def test_a_few_cheap_rows_come_out_the_same_bit_for_bit(
    trained: list[Record], tmp_path: Path, wonderland: Wonderland
) -> None:
    store = filled(tmp_path / "runs", "cheap", trained)
    done = wonderland("reproduce", "cheap", "--json")
    said = json.loads(done.stdout)
    assert done.returncode == 0, done.stderr
    assert (said["verdict"], said["counts"]) == ("bit-exact", {"bit-exact": 3})
    assert [row["id"] for row in said["records"]] == [record.id for record in trained]
    assert [one.verdict for one in kept(store, "cheap")] == ["bit-exact"] * 4, "each, and the study"
    assert "3 of 3" in done.stderr


def test_a_forged_row_is_found_out_and_kept(trained: list[Record], tmp_path: Path, wonderland: Wonderland) -> None:
    forged = trained[0].model_copy(update={"result": trained[0].result.model_copy(update={"test": 0.99})})
    store = filled(tmp_path / "runs", "cheap", [forged])
    done = wonderland("reproduce", forged.id[:6])
    assert done.returncode == 8
    assert "different: test was 0.99" in done.stdout
    (one,) = kept(store, "cheap")
    assert (one.verdict, one.judges(forged), one.judges(trained[0])) == ("different", True, False)


def test_what_cannot_be_trained_ends_with_7(trained: list[Record], tmp_path: Path, wonderland: Wonderland) -> None:
    gone = trained[0].model_copy(update={"trial": trained[0].trial.model_copy(update={"architecture": "unknown"})})
    filled(tmp_path / "runs", "cheap", [gone])
    done = wonderland("reproduce", gone.id)
    assert done.returncode == 7
    assert "cannot: there is no architecture 'unknown' here" in done.stdout


def test_another_machine_reproduces_from_a_bundle(
    trained: list[Record], tmp_path: Path, wonderland: Wonderland
) -> None:
    bundle = export(filled(tmp_path / "there", "cheap", trained), "cheap", tmp_path / "bundle", by="Alice")
    done = wonderland("reproduce", trained[0].id, "--from", "bundle")
    assert (done.returncode, "bit-exact" in done.stdout) == (0, True)
    assert [one.id for one in kept(Store(tmp_path / "runs"), "cheap")] == [trained[0].id]
    table = bundle / "tables" / "leaderboard.csv"
    table.write_bytes(table.read_bytes()[:-1] + b"!")
    done = wonderland("verify", "bundle")
    assert done.returncode == 6
    assert "tables/leaderboard.csv has SHA-256" in done.stdout


def test_a_row_of_the_board_goes_by_its_trial(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "leaderboard.jsonl"
    monkeypatch.setattr(protocol, "path", lambda: file)
    row = rows("mlp")[0]
    with pytest.raises(StoreError, match="no record"):
        asked(Store(tmp_path / "runs"), row.id)
    published(file)
    found = asked(Store(tmp_path / "runs"), row.id)
    assert (found.study, found.records, found.whole) == ("leaderboard", (row.record,), False)


def published(file: Path) -> None:
    from suite.board.published import append

    append(file, [board().opening, *honest("mlp")])
