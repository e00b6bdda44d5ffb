"""Every page, with every kind of store, as it is told to a viewer."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest
import streamlit as st

from dashboard import frame
from dashboard.tables import literal
from suite.record import Provenance
from suite.store import Plan
from tests.dashboard.viewer import charts, elements, page, told

PAGES = ("home", "leaderboard", "compare", "effects", "interactions", "curves", "cost", "live", "record")
HOSTILE = "<b>x</b> *a* :smile: $y$ [z](http://example.com)"


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    yield
    st.cache_resource.clear()


@pytest.mark.parametrize("name", PAGES)
def test_without_a_store_it_says_how_to_begin(name: str, runs: Path) -> None:
    words = told(page(name))
    assert f"The folder {runs} does not exist yet" in words
    assert "wonderland sweep first" in words


@pytest.mark.parametrize("name", PAGES)
def test_without_a_study_it_says_how_to_begin(name: str, runs: Path) -> None:
    runs.mkdir()
    assert f"There is no study in {runs} yet" in told(page(name))


@pytest.mark.parametrize("name", ["leaderboard", "effects", "interactions", "curves", "cost", "record"])
def test_without_records_it_says_how_many_are_planned(name: str, runs: Path, made: ModuleType) -> None:
    made.store_of(runs, trials=())
    assert "480 trials planned, none answered" in told(page(name))


def test_without_a_sweep_live_says_so(runs: Path, made: ModuleType) -> None:
    made.store_of(runs, trials=())
    assert "not been swept from here" in told(page("live"))


@pytest.mark.parametrize("name", PAGES)
def test_one_record(name: str, runs: Path, made: ModuleType) -> None:
    made.store_of(runs, trials=made.study_trials()[:1])
    assert {"home": "1 record, the newest"}.get(name, "1 of 480 records") in told(page(name))


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("share", [1, 7])
def test_part_of_the_records(name: str, share: int, runs: Path, made: ModuleType) -> None:
    made.store_of(runs, trials=made.study_trials()[: 480 // share : share])
    app = page(name)
    assert re.search(r"Data as of .*, 0 s ago, .* records, the newest", told(app))
    assert "wonderland" in told(app)
    assert elements(app) <= 60


@pytest.mark.parametrize("name", PAGES)
def test_charts_are_told_in_words_with_a_number(name: str, runs: Path, made: ModuleType) -> None:
    made.store_of(runs)
    found = charts(page(name))
    counts = {"leaderboard": 1, "compare": 1, "effects": 2, "interactions": 2, "curves": 4, "cost": 1}
    assert len(found) == counts.get(name, 0)
    for alt in found:
        assert 20 <= len(alt) <= 200
        assert any(letter.isdigit() for letter in alt)


def test_tables_are_told_in_words_and_downloadable(runs: Path, made: ModuleType) -> None:
    made.store_of(runs)
    app = page("effects")
    assert all(str(table.proto.alt) for table in app.dataframe)
    assert len(app.get("download_button")) == 4 * len(app.dataframe) == 8  # CSV, LaTeX, Parquet and JSON


@pytest.mark.parametrize("name", PAGES)
def test_all_failed(name: str, runs: Path, made: ModuleType) -> None:
    made.store_of(runs, outcome=lambda trial: "diverged", trials=made.study_trials()[:32])
    app = page(name)
    if name == "live":
        assert "Failures (32 of 32 runs)" in told(app)
        assert list(app.dataframe[0].value["Message"]) == ["the loss was not finite at step 37"]
    if name == "leaderboard":
        assert "No architecture can be ranked" in told(app)
        assert set(app.dataframe[0].value["Score"]) == {"missing"}


@pytest.mark.parametrize("name", PAGES)
def test_a_damaged_line_is_left_out_and_said(name: str, runs: Path, made: ModuleType) -> None:
    store = made.store_of(runs, trials=made.study_trials()[:20])
    ledger = next((runs / "first").glob("ledger-*.jsonl"))
    lines = ledger.read_bytes().split(b"\n")
    lines[2] = lines[2].replace(b'"seed":0', b'"seed":7')
    ledger.write_bytes(b"\n".join(lines))
    assert len(store.records("first")) == 19
    words = told(page(name))
    assert "1 damaged line of the ledger left out, the first in ledger-000001.jsonl, line 3" in words
    assert ("19 records" if name == "home" else "19 of 480 records") in words


@pytest.mark.parametrize("name", PAGES)
def test_a_damaged_plan_is_a_page_of_its_own(name: str, runs: Path, made: ModuleType) -> None:
    made.store_of(runs, trials=())
    (runs / "first" / "plan.json").write_text("{")
    words = told(page(name))
    assert ("first cannot be read" if name == "home" else "This store cannot be read") in words
    assert "plan.json is damaged" in words


def test_records_that_cannot_be_analysed_are_said(runs: Path, made: ModuleType) -> None:
    trial = made.study_trials()[0]
    twin = trial.moved({"rate": 0.5})
    plan = made.plan().model_copy(update={"trials": (trial.id, twin.id)})
    made.write(runs, [made.record(trial), made.record(twin)], plan)
    words = told(page("leaderboard"))
    assert "cannot be read" in words
    assert "2 times" in words


@pytest.mark.parametrize("name", PAGES)
def test_names_are_shown_as_they_are(name: str, runs: Path, made: ModuleType) -> None:
    trials = [trial.model_copy(update={"architecture": HOSTILE}) for trial in made.study_trials()[:16]]
    records = [made.record(trial) for trial in trials]
    plan = Plan.model_validate(
        made.plan().model_dump()
        | {"question": HOSTILE, "architectures": (HOSTILE,), "trials": tuple(trial.id for trial in trials)}
    )
    made.write(runs, records, plan)
    app = page(name, id=trials[0].id) if name == "record" else page(name)
    assert HOSTILE in [element.value for element in app.text]
    spoken = (app.markdown, app.caption, app.subheader, app.title, app.metric)
    assert not [element for elements in spoken for element in elements if "<b>" in str(element.value)]


def test_the_task_and_the_study_are_in_the_link(runs: Path, made: ModuleType) -> None:
    made.store_of(runs)
    made.write(runs, [], made.plan().model_copy(update={"name": "second", "trials": ()}))
    app = page("leaderboard", study="first", task="image/digits")
    assert app.selectbox(key="study").value == "first"
    assert app.selectbox(key="task").value == "image/digits"
    assert "wonderland leaderboard first --task image/digits" in told(app)
    assert "norm batch, residual add" in app.dataframe[0].value["Setting"][0]


def test_a_study_that_is_not_there_is_said(runs: Path, made: ModuleType) -> None:
    made.store_of(runs, trials=made.study_trials()[:1])
    assert "There is no study 'secnod' in this store; this is 'first'" in told(page("leaderboard", study="secnod"))


def test_missing_scores_are_shown_as_missing(runs: Path, made: ModuleType) -> None:
    made.store_of(runs)
    board, _, by_task = (table.value for table in page("leaderboard").dataframe[:3])
    scores = dict(zip(board["Architecture"], board["Score"], strict=True))
    assert scores["gru"] == scores["cnn"] == "missing"
    cells = by_task.set_index("Architecture")
    assert cells.loc["gru", "series/mnist1d"] == "missing"
    assert cells.loc["cnn", "tabular/breast_cancer"] == "no runs"


def test_effects_follow_the_factor(runs: Path, made: ModuleType) -> None:
    made.store_of(runs)
    app = page("effects", factor="residual")
    table = app.dataframe[0].value
    assert list(table["Level"].unique()) == ["add"]
    assert list(table["Task"]) == ["all", "image/digits", "series/mnist1d", "tabular/breast_cancer"]
    assert "wonderland effects first --factor residual" in told(app)
    assert "At depth 8" in app.text[1].value


def test_pickers_follow_the_factor(runs: Path, made: ModuleType) -> None:
    made.store_of(runs)
    app = page("effects", level="rms")
    app.selectbox(key="factor").set_value("depth").run()
    assert not app.exception
    assert app.selectbox(key="level").value == "8"


def test_live_while_a_sweep_runs(runs: Path, made: ModuleType) -> None:
    made.sweep(made.store_of(runs))
    app = page("live")
    words = told(app)
    assert "about 1 min 38 s left (1 min 16 s to 1 min 59 s)" in words
    assert app.get("progress")[0].proto.value == 66
    assert list(app.table[0].value["For"]) == [literal("2.1 s"), literal("0.4 s")]
    assert {metric.label: metric.value for metric in app.metric}["Diverged"] == "4"
    assert list(app.table[1].value["Runs"]) == ["4"]
    assert "The first 4 of 5" in words


def test_live_after_the_sweeper_was_lost(runs: Path, made: ModuleType) -> None:
    made.sweep(made.store_of(runs), "lost", age=240)
    words = told(page("live"))
    assert "Last seen 4 min" in words
    assert "wonderland sweep first" in words


def test_live_after_the_end(runs: Path, made: ModuleType) -> None:
    made.sweep(made.store_of(runs), "done", age=65)
    assert "Nothing running; the last sweep ended" in told(page("live"))


def test_failures_are_grouped_by_what_they_say(runs: Path, made: ModuleType) -> None:
    made.store_of(runs)
    table = page("live").dataframe[0].value
    assert list(zip(table["Runs"], table["Message"], strict=True)) == [
        (48, "no answer after 60 s"),
        (3, "the loss was not finite at step 37"),
    ]


def test_a_record_by_the_beginning_of_its_id(runs: Path, made: ModuleType) -> None:
    made.store_of(runs)
    trial = made.study_trials()[5]
    app = page("record", id=trial.id[:8])
    words = told(app)
    assert f"{trial.architecture} on {trial.task}, seed 0, of study first" in words
    assert f"wonderland reproduce {trial.id}" in words
    assert "git checkout 4667f30a1b2c3d4e5f60718293a4b5c6d7e8f901" in words
    differing = app.dataframe[0].value
    moved = differing[differing["Differs"] == "yes"]
    assert set(moved["Setting"]) == {name for name, level in trial.levels.items() if level != _reference(made)[name]}
    assert len(charts(app)) == 2


def _reference(made: ModuleType) -> dict[str, object]:
    return made.study_trials()[0].levels


@pytest.mark.parametrize(("asked", "answer"), [("ffffffffffff", "the nearest are"), ("ab", "too short")])
def test_a_record_that_is_not_there(asked: str, answer: str, runs: Path, made: ModuleType) -> None:
    made.store_of(runs)
    app = page("record", id=asked)
    assert answer in told(app)
    assert len(app.dataframe[0].value) == 480


def test_a_commit_that_is_none_is_not_a_command(runs: Path, made: ModuleType) -> None:
    record = made.record(made.study_trials()[0])
    evil = Provenance.model_validate(record.provenance.model_dump() | {"commit": "x; rm -rf /"})
    made.write(runs, [record.model_copy(update={"provenance": evil})])
    app = page("record", id=record.id)
    assert not [code for code in app.code if "rm -rf" in code.value]


def test_a_change_of_the_ledger_is_seen(runs: Path, made: ModuleType) -> None:
    made.store_of(runs, trials=made.study_trials()[:10])
    assert "10 of 480" in told(page("leaderboard"))
    made.store_of(runs, trials=made.study_trials()[10:30])
    assert "30 of 480" in told(page("leaderboard"))


def test_what_is_downloaded_has_every_column(runs: Path, made: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    made.store_of(runs)
    written: dict[str, pd.DataFrame] = {}
    keep: Callable[..., None] = lambda shown, full, name, *rest: written.update({name: full})  # noqa: E731
    monkeypatch.setattr(frame, "tabulate", keep)
    page("leaderboard")
    assert {"rank_low", "rank_high", "mean", "low", "high", "coverage"} <= set(written["first-leaderboard"].columns)
