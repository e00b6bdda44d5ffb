"""What runs on a worker, where it has no folder to keep anything in."""

import signal
from pathlib import Path

import pytest

from suite.record import Record
from suite.trial import Trial
from suite.worker import work
from tests.records import record


@pytest.mark.parametrize(("given", "kept"), [("", None), ("/runs/first/checkpoints", Path("/runs/first/checkpoints"))])
def test_without_a_folder_for_checkpoints_none_are_kept(
    given: str, kept: Path | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In particular not in the folder that the worker happens to be in, which may be read-only."""
    folders: list[Path | None] = []

    def trained(trial: Trial, *, checkpoints: Path | None) -> Record:
        folders.append(checkpoints)
        return record(trial.seed)

    monkeypatch.setattr("suite.worker.train", trained)
    before = signal.getsignal(signal.SIGALRM)
    try:
        said = list(work([record(3).trial.model_dump_json()], 60.0, given, str(tmp_path)))
    finally:
        signal.signal(signal.SIGALRM, before)
    assert [line.split()[0] for line in said] == ["started", "record"]
    assert folders == [kept]
