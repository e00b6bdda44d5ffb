"""Claims: verdicts and numbers are the answer's, and what was not run or cannot be read is said."""

from pathlib import Path
from types import ModuleType

import pytest
import streamlit as st

from dashboard import beliefs, verdicts, words
from dashboard.theme import DARK, LIGHT, Palette
from suite import catalog
from suite.answer import answer
from suite.arms import trials
from suite.plan import planned
from suite.store import Store
from suite.study_file import load
from tests.dashboard.test_charts import drawn, rows_of
from tests.dashboard.test_pages import HOSTILE, fresh
from tests.dashboard.viewer import charts, elements, page, told

assert fresh  # an autouse fixture
STUDIES = ("h13_locality_and_sharing", "h30_residual_depth")


@pytest.fixture(autouse=True)
def forgotten() -> None:
    st.cache_data.clear()


def stored(runs: Path, made: ModuleType, name: str, share: int = 1) -> Store:
    """A store with records of this study."""
    _, study = load(name)
    asked = trials(study)
    records = [made.record(trial) for trial in asked[: len(asked) // share]] if share else []
    found: Store = made.write(runs, records, planned(name, study, name, asked))
    return found


def test_every_claim_of_every_study_is_there(runs: Path, made: ModuleType) -> None:
    for name in STUDIES:
        store = stored(runs, made, name)
    table = page("claims").dataframe[0].value.set_index("Claim")
    expected = {claim.id for name in catalog.study_names() for claim in load(name)[1].claims}
    assert set(table.index) == expected
    for name in STUDIES:
        for one in answer(store, name).verdicts:
            assert table.loc[one.claim.id, "Verdict"] == one.verdict
            assert table.loc[one.claim.id, "Effect"] == words.text.effect(one.effect, one.low, one.high)
            assert table.loc[one.claim.id, "Run again"] == f"wonderland sweep {name}"
    assert table.loc["H59a", "Verdict"] == "not run"
    assert table.loc["H59a", "Effect"] == "-"


def test_the_finding_counts_and_tells_the_clearest(runs: Path, made: ModuleType) -> None:
    store = stored(runs, made, "h30_residual_depth")
    sentence = page("claims").text[0].value
    rows = verdicts.every().rows
    assert sentence.startswith(f"{len(rows)} claims: ")
    assert f"{(rows['verdict'] == 'not run').sum()} not run" in sentence
    assert f"The clearest: {answer(store, 'h30_residual_depth').verdicts[0].sentence}." in sentence


def test_filters_are_in_the_link(runs: Path, made: ModuleType) -> None:
    for name in STUDIES:
        stored(runs, made, name)
    app = page("claims", **{"from": "h13_locality_and_sharing", "claim": "H13b (h13_locality_and_sharing)"})
    assert set(app.dataframe[0].value["Claim"]) == {"H13a", "H13b"}
    assert "wonderland verdicts h13_locality_and_sharing" in told(app)
    assert "2 of " in app.text[0].value
    assert "H13b is " in told(app)
    run = page("claims", verdict="not run")
    assert set(run.dataframe[0].value["Verdict"]) == {"not run"}
    assert charts(run) == []
    assert set(page("claims", chapter="9").dataframe[0].value["Claim"]) == {"H28a", "H28b", "H29", "H30"}


def test_a_study_without_records_is_not_run(runs: Path, made: ModuleType) -> None:
    stored(runs, made, "h30_residual_depth", share=0)
    rows = verdicts.every().rows
    assert set(rows["verdict"]) == {"not run"}
    assert "0 records of 1 study" in told(page("claims"))


def test_part_of_a_study_is_judged_by_what_is_there(runs: Path, made: ModuleType) -> None:
    store = stored(runs, made, "h30_residual_depth", share=4)
    one = answer(store, "h30_residual_depth").verdicts[0]
    row = page("claims").dataframe[0].value.set_index("Claim").loc["H30"]
    assert row["Verdict"] == one.verdict
    assert row["Pairs"] == f"{one.n_pairs} of {one.n_pairs + one.n_missing}"


def test_without_a_store_the_claims_are_there_and_not_run(runs: Path) -> None:
    app = page("claims")
    assert f"The folder {runs} does not exist yet" in told(app)
    assert set(app.dataframe[0].value["Verdict"]) == {"not run"}


def test_a_study_that_cannot_be_read_is_said_and_hides_no_other(runs: Path, made: ModuleType) -> None:
    for name in STUDIES:
        stored(runs, made, name)
    (runs / STUDIES[0] / "plan.json").write_text("{")
    app = page("claims")
    assert f"{STUDIES[0]} cannot be read, so its claims are missing" in told(app)
    assert "H30" in set(app.dataframe[0].value["Claim"])
    assert elements(app) <= 60


def test_names_in_claims_are_shown_as_they_are(runs: Path, made: ModuleType) -> None:
    _, study = load("h30_residual_depth")
    claim = study.claims[0].model_copy(update={"says": HOSTILE, "source": HOSTILE, "id": "<b>H</b>"})
    asked = trials(study)
    plan = planned("h30_residual_depth", study, "h30_residual_depth", asked).model_copy(update={"claims": (claim,)})
    made.write(runs, [made.record(trial) for trial in asked], plan)
    app = page("claims", **{"from": "h30_residual_depth"})
    assert HOSTILE in [element.value for element in app.text]
    spoken = (app.markdown, app.caption, app.subheader, app.title)
    assert not [element for elements in spoken for element in elements if "<b>" in str(element.value)]


def test_verdicts_are_judged_again_only_when_a_study_has_changed(
    runs: Path, made: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored(runs, made, "h30_residual_depth")
    before = verdicts.every().rows
    asked: list[str] = []
    whole = verdicts.store.snapshot
    monkeypatch.setattr(verdicts.store, "snapshot", lambda name: asked.append(name) or whole(name))
    assert verdicts.every().rows.equals(before)
    assert asked == []
    stored(runs, made, "h13_locality_and_sharing")
    assert "H13a" in set(verdicts.every().rows["claim"])
    assert asked == ["h13_locality_and_sharing"]


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_the_forest_of_claims_draws_the_numbers_and_the_margin(runs: Path, made: ModuleType, palette: Palette) -> None:
    stored(runs, made, "h36_positions")
    rows = verdicts.every().rows
    judged = rows[rows["effect"].notna()]
    chart = beliefs.claims(judged, palette)
    assert drawn(chart)
    assert rows_of(chart, "effect")[0] == list(judged["effect"])
    band = next(rows for rows in rows_of(chart, "inside"))
    assert [-inside for inside in band] == list(judged["margin"])
