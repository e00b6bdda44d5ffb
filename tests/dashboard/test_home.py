"""Home, the history of a record, and Live: what is here, what was made again, and what runs."""

from pathlib import Path
from types import ModuleType

import pytest

from dashboard import age, history
from suite.record import Record
from suite.reproduction import kept
from suite.reproduction.verdict import Verdict
from suite.store import Store
from tests.dashboard.viewer import page, told


def metrics(name: str) -> dict[str, str]:
    return {metric.label: metric.value for metric in page(name).metric}


def judged(store: Store, record: Record, *kinds: str) -> None:
    given = [kept.of(record, Verdict(kind, f"the reason for {kind}")) for kind in kinds]  # type: ignore[arg-type]
    kept.keep(store, "first", given)


def test_home_counts(runs: Path, made: ModuleType) -> None:
    store = made.store_of(runs)
    judged(store, store.records("first")[0], "different", "bit-exact")
    judged(store, store.records("first")[1], "bit-exact", "different")
    assert metrics("home") == {
        "Studies": "1", "Records": "480", "Planned": "480", "Not finished": "51", "Verified": "1",
        "Running sweeps": "0",
    }  # fmt: skip


def test_home_tells_findings_and_studies(runs: Path, made: ModuleType) -> None:
    made.store_of(runs)
    made.write(runs, [], made.plan().model_copy(update={"name": "second", "trials": ()}))
    app = page("home")
    assert "At depth 8, changing residual from none to add" in told(app)
    rows = app.dataframe[0].value
    assert set(rows["Study"]) == {"/effects?study=first", "/effects?study=second"}
    assert "480 of 480" in set(rows["Records"])
    links = [link.proto.query_string for link in app.get("page_link")]
    assert links == ["study=first", "study=first"]


def test_home_shows_what_runs(runs: Path, made: ModuleType) -> None:
    made.sweep(made.store_of(runs))
    app = page("home")
    assert "Running now" in told(app)
    assert "192 of 288 trials, about 1 min 38 s left" in told(app)


def test_a_study_that_cannot_be_read_does_not_hide_the_others(runs: Path, made: ModuleType) -> None:
    made.store_of(runs)
    (runs / "broken").mkdir()
    (runs / "broken" / "plan.json").write_text("{")
    app = page("home")
    assert "broken cannot be read" in told(app)
    assert len(app.dataframe[0].value) == 2


def test_a_record_that_was_never_made_again_says_so(runs: Path, made: ModuleType) -> None:
    made.store_of(runs, trials=made.study_trials()[:2])
    assert history.NEVER in told(page("record", id=made.study_trials()[0].id))


def test_verdicts_on_a_record_are_told_the_last_first(runs: Path, made: ModuleType) -> None:
    store = made.store_of(runs, trials=made.study_trials()[:2])
    record = store.records("first")[0]
    judged(store, record, "different", "bit-exact")
    judged(
        store, record.model_copy(update={"provenance": record.provenance.model_copy(update={"source": "x"})}), "cannot"
    )
    app = page("record", id=record.id)
    table = app.dataframe[-1].value
    assert list(table["Verdict"]) == ["bit-exact", "different"]
    assert "the reason for bit-exact" in told(app)


def test_a_paused_page_does_not_look_again(runs: Path, made: ModuleType) -> None:
    made.sweep(made.store_of(runs))
    app = page("live")
    app.toggle(key="pause").set_value(True).run()
    assert not app.exception
    assert "wonderland stop first" in told(app)


def test_the_pace_of_a_sweep(runs: Path, made: ModuleType) -> None:
    made.sweep(made.store_of(runs))
    assert metrics("live")["Per minute"] == "106"  # 168 in 95 s


def test_other_running_sweeps_are_a_click_away(runs: Path, made: ModuleType) -> None:
    store = made.store_of(runs)
    made.sweep(store)
    made.write(runs, [], made.plan().model_copy(update={"name": "second", "trials": ()}))
    app = page("live", study="second")
    assert "first is running too." in told(app)
    assert app.get("page_link")[0].proto.query_string == "study=first"


def test_a_page_that_is_old_while_a_sweep_runs_says_so(
    runs: Path, made: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    made.sweep(made.store_of(runs))
    assert "reload" not in told(page("effects"))
    monkeypatch.setattr(age, "OLD", -1.0)
    assert "480 of 480 records, the newest" in told(page("effects"))
    assert "A sweep goes on; reload to see what it has added." in told(page("effects"))
    made.sweep(made.Store(runs), "done")
    assert "reload" not in told(page("effects"))


def test_a_lost_sweep_is_said_at_home_with_the_command_that_resumes_it(runs: Path, made: ModuleType) -> None:
    plan = made.plan().model_copy(update={"given": "studies/first one.py"})
    made.sweep(made.write(runs, [], plan), "lost", age=240)
    app = page("home")
    assert "The sweep of first was lost, last seen 4 min" in told(app)
    assert "wonderland sweep 'studies/first one.py'" in [code.value for code in app.code]
    live = page("live")
    assert "wonderland sweep 'studies/first one.py'" in [code.value for code in live.code]
    assert not live.dataframe  # nothing runs, whatever the last heartbeat said
