"""Cached reading: what is not read twice, what is read again, and what makes room."""

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
import streamlit as st

from dashboard import store


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    yield
    st.cache_resource.clear()


def test_what_has_not_changed_is_not_read_again(runs: Path, made: ModuleType) -> None:
    made.store_of(runs, trials=made.study_trials()[:5])
    first = store.snapshot("first")
    made.sweep(made.Store(runs), "done")  # a heartbeat is no change of the records
    assert store.snapshot("first") is first
    assert len(first.answer.records) == 5


def test_a_change_is_read(runs: Path, made: ModuleType) -> None:
    made.store_of(runs, trials=made.study_trials()[:5])
    store.snapshot("first")
    made.store_of(runs, trials=made.study_trials()[5:8])
    assert len(store.snapshot("first").answer.records) == 8


def test_while_a_sweep_runs_what_is_slow_to_read_may_be_a_little_old(
    runs: Path, made: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "LONG", 0.0)
    monkeypatch.setattr(store, "REST", 1e9)
    made.sweep(made.store_of(runs, trials=made.study_trials()[:5]))
    first = store.snapshot("first")
    made.store_of(runs, trials=made.study_trials()[5:8])
    assert store.snapshot("first") is first
    monkeypatch.setattr(store, "REST", 0.0)  # its time has passed
    assert len(store.snapshot("first").answer.records) == 8


def test_after_the_end_everything_is_read(runs: Path, made: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "LONG", 0.0)
    monkeypatch.setattr(store, "REST", 1e9)
    made.sweep(made.store_of(runs, trials=made.study_trials()[:5]), "done")
    store.snapshot("first")
    made.store_of(runs, trials=made.study_trials()[5:8])
    assert len(store.snapshot("first").answer.records) == 8


def test_few_studies_are_held_and_each_once(runs: Path, made: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "MOST_HELD", 2)
    for name in ("one", "two", "three"):
        made.write(runs, [], made.plan().model_copy(update={"name": name, "trials": ()}))
    one = store.snapshot("one")
    two = store.snapshot("two")
    assert store.snapshot("one") is one
    store.snapshot("three")  # the place of two, which nobody looked at for longest
    assert store.snapshot("one") is one
    assert store.snapshot("two") is not two
