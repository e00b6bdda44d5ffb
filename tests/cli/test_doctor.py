"""The doctor finds what is wrong, says the command that puts it right, and changes nothing."""

import json
import resource
import socket
import sqlite3
from pathlib import Path

import pytest

from suite.doctor import libraries, machine, places
from suite.doctor.examine import examine
from suite.store import Store
from tests.cli.conftest import Wonderland


def test_a_machine_that_runs_the_tests_is_well_or_says_what_to_do(wonderland: Wonderland, tmp_path: Path) -> None:
    done = wonderland("doctor", "--json")
    found = json.loads(done.out)
    names = [finding["name"] for finding in found["findings"]]
    assert names[:3] == ["Python", "libraries", "store"]
    assert {"shared memory", "limits", "cores", "loopback", "clock", "MLflow", "accelerator", "data"} <= set(names)
    ill = [finding for finding in found["findings"] if finding["state"] == "ill"]
    assert done.code == (4 if ill else 0)
    assert found["well"] == (not ill)
    assert all(finding["fix"] for finding in ill)
    assert list(tmp_path.iterdir()) == [], "looking changes nothing"


def test_a_server_that_does_not_answer_is_ill(wonderland: Wonderland, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"http://anna:secret@127.0.0.1:{port}")
    done = wonderland("doctor")
    assert done.code == 4
    line = next(line for line in done.out.splitlines() if "MLflow" in line)
    assert "does not answer" in line
    assert "secret" not in done.out
    assert "unset MLFLOW_TRACKING_URI" in done.out


def test_a_damaged_mirror_is_put_aside(tmp_path: Path) -> None:
    database = tmp_path / "mlflow.db"
    assert places.mlflow(Store(tmp_path)).state == "well"
    database.write_bytes(b"no database" * 1000)
    found = places.mlflow(Store(tmp_path))
    assert found.state == "ill"
    assert found.fix == f"mv {database} {database}.old && wonderland sync"
    database.unlink()
    sqlite3.connect(database).close()
    assert places.mlflow(Store(tmp_path)).state == "well"


def test_a_store_that_is_no_folder_or_has_no_room_is_ill(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert places.folder(tmp_path / "runs").state == "well"
    (tmp_path / "file").write_text("")
    assert places.folder(tmp_path / "file").state == "ill"
    monkeypatch.setattr(places, "LOW_WATER", 2**80)
    found = places.folder(tmp_path / "runs")
    assert (found.state, found.fix) == ("ill", "wonderland gc")


def test_few_open_files_are_ill_and_ulimit_puts_it_right(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda which: (256, 4096))
    assert (machine.limits().state, machine.limits().fix) == ("ill", "ulimit -n 1024")
    monkeypatch.setattr(resource, "getrlimit", lambda which: (2048, 4096))
    assert machine.limits().state == "well"


def test_a_long_temporary_folder_is_too_long_for_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.gettempdir", lambda: "/tmp/" + "x" * 60)
    assert machine.temporary().state == "ill"
    assert machine.temporary().fix == "export TMPDIR=/tmp"


def test_other_versions_than_the_tested_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(libraries, "_pins", lambda: {"rich": "0.1"})
    found = libraries.libraries()
    assert found.state == "note"
    assert "instead of 0.1" in found.says
    monkeypatch.setattr(libraries, "_required", lambda: ["rich", "nothing-of-that-name"])
    found = libraries.libraries()
    assert (found.state, found.says) == ("ill", "missing: nothing-of-that-name")


def test_damaged_data_is_fetched_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from suite import catalog
    from tasks.fetch import location

    monkeypatch.setenv("WONDERLAND_DATA", str(tmp_path))
    assert places.data().state == "note", "nothing is here yet, which is no illness"
    name = next(name for name in catalog.task_names() if catalog.task(name).files)
    broken = location(catalog.task(name).files[0])
    broken.parent.mkdir()
    broken.write_text("cut off")
    found = places.data()
    assert found.state == "ill"
    assert found.fix.startswith("wonderland fetch ")
    assert name in found.fix


def test_a_look_that_fails_is_a_finding_and_the_rest_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails() -> machine.Finding:
        raise OSError("no such thing")

    monkeypatch.setattr(machine, "loopback", fails)
    found = {finding.name: finding for finding in examine(Store(tmp_path))}
    assert (found["loopback"].state, found["loopback"].says) == ("ill", "OSError: no such thing")
    assert list(found)[-1] == "data"
