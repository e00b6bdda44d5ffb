"""The store is a folder that can be read at any time, and says what it lacks in words."""

import platform
import time
from pathlib import Path

import psutil
import pytest

from suite import ledger
from suite.disk import replace_file
from suite.process import born
from suite.record import Record
from suite.store import Plan, Status, Store, StoreError
from tests.records import record


def plan(name: str, records: list[Record]) -> Plan:
    return Plan(
        name=name,
        question="Does it?",
        design="factorial",
        tasks=("image/digits",),
        architectures=("mlp",),
        factors={"depth": (2, 8), "norm": ("none", "layer")},
        baseline={"rate": 0.003},
        seeds=3,
        trials=tuple(r.id for r in records),
    )


def filled(root: Path, name: str, records: list[Record]) -> Store:
    store = Store(root)
    store.write_plan(plan(name, records))
    with ledger.owned(store.folder(name)) as book:
        book.append(records)
    return store


def status(**changes: object) -> Status:
    me = psutil.Process()
    now = time.time()
    fields = {"state": "running", "pid": me.pid, "born": born(me.pid), "host": platform.node(), "started": now}
    fields |= {"beat": now, "slots": 2, "total": 4, "cached": 1, "done": 2}
    return Status.model_validate(fields | changes)


def test_a_plan_is_read_as_it_was_written(tmp_path: Path) -> None:
    store = filled(tmp_path, "first", [record()])
    assert store.plan("first") == plan("first", [record()])
    assert store.studies() == ("first",)


def test_only_planned_trials_count_and_in_the_order_of_the_plan(tmp_path: Path) -> None:
    a, b, other = record(0), record(1), record(2)
    store = filled(tmp_path, "first", [a, b, other])
    store.write_plan(plan("first", [b, a]))
    assert store.records("first") == (b, a)


@pytest.mark.parametrize("name", ["../evil", "/abs", "a/b", "", ".hidden", "a\nb", "x" * 65, "naïve", "a\x00b"])
def test_a_name_that_could_leave_the_store_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(StoreError, match="cannot name a study"):
        Store(tmp_path / "runs").folder(name)


def test_a_study_that_is_not_there_is_answered_with_those_that_are(tmp_path: Path) -> None:
    store = filled(tmp_path, "first", [record()])
    with pytest.raises(StoreError, match="there is first"):
        store.plan("second")


def test_an_empty_or_absent_store_holds_nothing(tmp_path: Path) -> None:
    assert Store(tmp_path / "nowhere").studies() == ()
    assert Store(tmp_path / "nowhere").status("first") is None


def test_a_damaged_plan_is_one_sentence(tmp_path: Path) -> None:
    store = filled(tmp_path, "first", [record()])
    (store.folder("first") / "plan.json").write_text('{"name": "first"')
    with pytest.raises(StoreError, match="damaged"):
        store.plan("first")


def test_a_record_is_found_by_a_unique_prefix(tmp_path: Path) -> None:
    store = filled(tmp_path, "first", [record(0), record(1)])
    assert store.find(record(1).id[:6]) == ("first", record(1))
    with pytest.raises(StoreError, match="too short"):
        store.find("abc")
    with pytest.raises(StoreError, match=f"nearest are.*{record(0).id}"):
        store.find("zzzzzz")


def test_an_ambiguous_prefix_names_the_candidates(tmp_path: Path) -> None:
    records = [record(seed) for seed in range(2000)]
    starts = [r.id[:4] for r in records]
    twice = next(start for start in starts if starts.count(start) > 1)
    store = filled(tmp_path, "first", records)
    with pytest.raises(StoreError, match="ambiguous"):
        store.find(twice)


def test_a_sweep_whose_process_is_gone_is_lost(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.write_status("first", status())
    assert store.status("first") == status_of(store)
    store.write_status("first", status(born=1.0))  # another process has its number now
    assert status_of(store).state == "lost"
    store.write_status("first", status(state="done", born=1.0))
    assert status_of(store).state == "done"


def test_a_sweep_elsewhere_is_lost_when_it_is_silent(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.write_status("first", status(host="elsewhere"))
    assert status_of(store).state == "running"
    store.write_status("first", status(host="elsewhere", beat=time.time() - 300))
    assert status_of(store).state == "lost"


def test_a_half_written_status_is_no_status(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.write_status("first", status())
    (store.folder("first") / "status.json").write_text("{")
    assert store.status("first") is None


def test_the_token_changes_with_the_content(tmp_path: Path) -> None:
    store = filled(tmp_path, "first", [record()])
    before = store.changed("first")
    assert store.changed("first") == before
    with ledger.owned(store.folder("first")) as book:
        book.append([record(1)])
    assert store.changed("first") != before


def test_replacing_a_file_leaves_nothing_else_behind(tmp_path: Path) -> None:
    replace_file(tmp_path / "a", b"one")
    replace_file(tmp_path / "a", b"two")
    assert (tmp_path / "a").read_text() == "two"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def status_of(store: Store) -> Status:
    found = store.status("first")
    assert found is not None
    return found
