"""What can be deleted is what nobody needs: it is named first, and deleted only when told to."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from suite import ledger
from suite.garbage import find
from suite.store import Store
from tests.cli.conftest import Wonderland


@pytest.fixture
def litter(tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    """Garbage of every kind, and beside each something like it that is none."""
    temporary, data = tmp_path / "tmp", tmp_path / "data"
    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(temporary))
    monkeypatch.setenv("WONDERLAND_DATA", str(data))
    answered = store.records("second")[0].id
    places = {
        "engine": temporary / "wl-0123abcd",
        "half": store.folder("second") / ".plan.json.new",
        "checkpoint": store.folder("second") / "checkpoints" / f"{answered}-abc.pt",
        "package": data / "forgotten-1.0",
    }
    for name in ("engine", "package"):
        (places[name] / "inside").mkdir(parents=True)
        (places[name] / "inside" / "file").write_bytes(b"x" * 1000)
    places["checkpoint"].parent.mkdir()
    for name in ("half", "checkpoint"):
        places[name].write_bytes(b"x" * 500)
    (temporary / "wl-not-ours-at-all").mkdir()
    (places["checkpoint"].parent / "0123456789ab-abc.pt").write_bytes(b"of a trial without an answer")
    (data / "hub").mkdir()
    return places


def test_garbage_is_found_and_nothing_else(litter: dict[str, Path], store: Store) -> None:
    found = find(store)
    assert {one.path for one in found} == set(litter.values())
    assert all(one.bytes >= 500 and one.why for one in found)
    assert [one.bytes for one in found] == sorted((one.bytes for one in found), reverse=True)


def test_it_is_deleted_only_when_told_to(wonderland: Wonderland, litter: dict[str, Path], store: Store) -> None:
    records = store.records("second")
    dry = wonderland("gc")
    assert all(path.exists() for path in litter.values())
    assert "4 things" in dry.out
    assert "wonderland gc --yes" in dry.err
    done = json.loads(wonderland("gc", "--yes", "--json").out)
    assert (done["deleted"], len(done["garbage"])) == (True, 4)
    assert not any(path.exists() for path in litter.values())
    assert store.records("second") == records
    assert "nothing to delete" in wonderland("gc").out


def test_the_folder_of_an_engine_that_lives_is_left_alone(litter: dict[str, Path], store: Store) -> None:
    command = [sys.executable, "-c", "import sys; sys.stdin.read()", str(litter["engine"])]
    with subprocess.Popen(command, stdin=subprocess.PIPE):
        assert litter["engine"] not in {one.path for one in find(store)}
    assert litter["engine"] in {one.path for one in find(store)}


def test_a_study_that_is_swept_is_left_alone(litter: dict[str, Path], store: Store) -> None:
    with ledger.owned(store.folder("second")):
        assert {one.path for one in find(store)} == {litter["engine"], litter["package"]}


def test_a_link_is_not_followed(litter: dict[str, Path], store: Store, tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    (Path(tempfile.gettempdir()) / "wl-89abcdef").symlink_to(precious)
    assert {one.path for one in find(store)} == set(litter.values())


def test_a_dry_run_deletes_nothing_even_where_yes_is_in_the_environment(
    wonderland: Wonderland, store: Store, litter: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WONDERLAND_YES", "1")
    assert json.loads(wonderland("gc", "--dry-run", "--json").out)["deleted"] is False
    assert all(path.exists() for path in litter.values())
