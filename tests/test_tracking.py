"""MLflow shows what the ledger holds: a run per trial, once, complete, whatever was there before."""

from pathlib import Path

import pytest
from mlflow import MlflowClient
from mlflow.entities import Run

from suite import ledger
from suite.record import Record
from suite.store import Store
from suite.tracking import Mirror, MirrorLost, redacted, sync
from tests.records import record
from tests.test_store import filled


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """One database for all tests here, because making one takes seconds; each test has its own study."""
    return f"sqlite:///{tmp_path_factory.mktemp('mlflow')}/mlflow.db"


def runs(address: str, study: str) -> list[Run]:
    client = MlflowClient(address)
    experiment = client.get_experiment_by_name(f"wonderland/{study}")
    assert experiment is not None
    return list(client.search_runs([experiment.experiment_id]))


def append(store: Store, study: str, records: list[Record]) -> None:
    with ledger.owned(store.folder(study)) as book:
        book.append(records)


def test_a_run_shows_its_record(tmp_path: Path, address: str) -> None:
    one = record(3, test=0.75, depth=8)
    store = filled(tmp_path, "shown", [one])
    assert sync(store, ["shown"], address) == 1
    (run,) = runs(address, "shown")
    assert run.info.status == "FINISHED"
    assert run.data.tags["wonderland.trial_id"] == one.id
    assert run.data.tags["wonderland.outcome"] == "finished"
    assert run.data.params["depth"] == "8"
    assert run.data.params["seed"] == "3"
    assert run.data.metrics["test/score"] == 0.75
    history = MlflowClient(address).get_metric_history(run.info.run_id, "train/loss")
    assert [(point.step, point.value) for point in history] == [(5, 1.5), (10, 0.5)]


def test_mirroring_again_writes_nothing(tmp_path: Path, address: str) -> None:
    store = filled(tmp_path, "twice", [record(seed) for seed in range(3)])
    assert sync(store, ["twice"], address) == 3
    assert sync(store, ["twice"], address) == 0
    assert len(runs(address, "twice")) == 3


def test_what_a_killed_mirror_left_running_is_finished(tmp_path: Path, address: str) -> None:
    one = record()
    store = filled(tmp_path, "killed", [one])
    client = MlflowClient(address)
    experiment = client.create_experiment("wonderland/killed")
    tags = {"wonderland.trial_id": one.id, "wonderland.answered_by": one.answered_by}
    client.create_run(experiment, tags=tags)
    assert sync(store, ["killed"], address) == 1
    (run,) = runs(address, "killed")
    assert (run.info.status, run.data.metrics["test/score"]) == ("FINISHED", 0.5)


def test_a_run_that_was_made_twice_is_kept_once(tmp_path: Path, address: str) -> None:
    """As by a client that heard no answer and asked again."""
    one = record()
    store = filled(tmp_path, "doubled", [one])
    sync(store, ["doubled"], address)
    (run,) = runs(address, "doubled")
    for _ in range(2):
        MlflowClient(address).create_run(run.info.experiment_id, tags=dict(run.data.tags))
    assert sync(store, ["doubled"], address) == 0
    assert [left.info.run_id for left in runs(address, "doubled")] == [run.info.run_id]


def test_no_run_seems_to_run_when_its_record_is_gone(tmp_path: Path, address: str) -> None:
    store = filled(tmp_path, "gone", [record()])
    sync(store, ["gone"], address)
    (run,) = runs(address, "gone")
    MlflowClient(address).create_run(run.info.experiment_id, tags={"wonderland.trial_id": "0123456789ab"})
    sync(store, ["gone"], address)
    assert sorted(run.info.status for run in runs(address, "gone")) == ["FINISHED", "KILLED"]


def test_an_answer_after_a_crash_takes_its_place(tmp_path: Path, address: str) -> None:
    store = filled(tmp_path, "crashed", [record(outcome="crashed")])
    sync(store, ["crashed"], address)
    append(store, "crashed", [record()])
    sync(store, ["crashed"], address)
    (run,) = runs(address, "crashed")
    assert (run.info.status, run.data.tags["wonderland.outcome"]) == ("FINISHED", "finished")


def test_a_database_that_is_none_is_told_at_once(tmp_path: Path) -> None:
    store = filled(tmp_path, "damaged", [record()])
    (tmp_path / "mlflow.db").write_bytes(b"no database" * 1000)
    with pytest.raises(MirrorLost, match="file is not a database; they are safe in the ledger"):
        sync(store, ["damaged"], f"sqlite:///{tmp_path}/mlflow.db")


def test_another_answer_takes_the_place_of_the_first(tmp_path: Path, address: str) -> None:
    store = filled(tmp_path, "stale", [record(source="old", test=0.1)])
    sync(store, ["stale"], address)
    append(store, "stale", [record(source="new", test=0.9)])
    assert sync(store, ["stale"], address) == 1
    (run,) = runs(address, "stale")
    assert run.data.metrics["test/score"] == 0.9


def test_a_failure_is_a_failed_run_without_scores(tmp_path: Path, address: str) -> None:
    store = filled(tmp_path, "diverged", [record(outcome="diverged")])
    sync(store, ["diverged"], address)
    (run,) = runs(address, "diverged")
    assert run.info.status == "FAILED"
    assert run.data.tags["wonderland.outcome"] == "diverged"
    assert "test/score" not in run.data.metrics


def test_a_deleted_experiment_comes_back(tmp_path: Path, address: str) -> None:
    store = filled(tmp_path, "deleted", [record()])
    sync(store, ["deleted"], address)
    client = MlflowClient(address)
    experiment = client.get_experiment_by_name("wonderland/deleted")
    assert experiment is not None
    client.delete_experiment(experiment.experiment_id)
    sync(store, ["deleted"], address)
    assert len(runs(address, "deleted")) == 1


def test_a_mirror_that_sees_a_record_twice_shows_it_once(tmp_path: Path, address: str) -> None:
    store = filled(tmp_path, "again", [record()])
    mirror = Mirror(store, "again", address)
    assert mirror.show([record(), record()]) == 1
    assert mirror.show([record()]) == 0


def test_a_password_in_an_address_is_not_shown() -> None:
    assert redacted("postgresql://user:secret@host/db") == "postgresql://user:***@host/db"
    assert redacted("https://token@host") == "https://***@host"
    assert redacted("to http://a:p@ss/w:rd@host:5/x failed") == "to http://a:***@host:5/x failed"
    assert redacted("http://host/experiments") == "http://host/experiments"
    assert redacted("sqlite:////a/b.db") == "sqlite:////a/b.db"
