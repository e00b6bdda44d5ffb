"""Coverage: the map of the book as a viewer sees it, and how the records of a store answer it."""

from pathlib import Path
from types import ModuleType

import pytest

from suite.book.map import ROWS
from suite.claim import Claim
from tests.dashboard.viewer import elements, page, told

CLAIM = Claim(
    id="H30", says="Deep ones need it.", factor="residual", level="add", reference="none", expects="better",
    source="section 9.4.1",
)  # fmt: skip


def answered(runs: Path, made: ModuleType) -> None:
    trials = made.study_trials()
    plan = made.plan().model_copy(update={"claims": (CLAIM,)})
    made.write(runs, [made.record(trial) for trial in trials], plan)


def test_without_a_store_the_map_is_there_all_the_same(runs: Path) -> None:
    app = page("coverage")
    built = sum(row.implemented for row in ROWS)
    assert f"{built} of {len(ROWS)} concepts that the book defines are implemented" in told(app)
    assert "the records of this store answer 0" in told(app)
    assert len(app.dataframe[1].value) == len(ROWS)
    assert elements(app) <= 60


def test_records_answer_it(runs: Path, made: ModuleType) -> None:
    answered(runs, made)
    app = page("coverage", book_chapter="9 Scaling up the models", show="Answered")
    table = app.dataframe[1].value
    assert list(table["Concept"]) == ["Residual connection"]
    assert list(table["Verdicts"]) == ["H30 supported"]
    assert "wonderland coverage 9" in told(app)


def test_a_concept_has_a_way_to_all_that_stands_for_it(runs: Path, made: ModuleType) -> None:
    answered(runs, made)
    app = page("coverage", concept="9.4.1 Residual connection")
    words = told(app)
    assert "Levels: residual add" in words
    assert "X21 (A residual network is a sum of paths" in words
    assert "H30 is supported: +0." in words
    assert "wonderland sweep h30_residual_depth" in words
    links = {link.proto.label: link.proto for link in app.get("page_link")}
    assert "vary_residual=add" in links["Compose a study on it"].query_string


def test_gaps_are_shown_as_gaps(runs: Path) -> None:
    app = page("coverage", show="Gaps")
    table = app.dataframe[1].value
    assert len(table) == sum(bool(row.gap) for row in ROWS)
    assert table["In the suite"].str.startswith("missing: ").all()
    assert "wonderland coverage --gaps" in told(app)


@pytest.mark.parametrize(
    ("look", "column", "first", "many"), [("Claims", "Claim", "H01", 60), ("Invariants", "Invariant", "X01", 22)]
)
def test_claims_and_invariants(look: str, column: str, first: str, many: int, runs: Path) -> None:
    table = page("coverage", look=look).dataframe[1].value
    assert (table[column][0], len(table)) == (first, many)


def test_a_study_that_cannot_be_read_is_said(runs: Path, made: ModuleType) -> None:
    made.store_of(runs, trials=())
    (runs / "first" / "plan.json").write_text("{")
    assert "Left out, as it cannot be read: first" in told(page("coverage"))


@pytest.mark.parametrize(
    ("concept", "label", "query"),
    [
        ("9.3.2 Batch normalization", "Effects of norm", "study=first&factor=norm"),
        ("8.1 Convolution in one dimension", "Leaderboard of series/mnist1d", "study=first&task=series%2Fmnist1d"),
        ("10.3.1 Transformer block", "Leaderboard", "study=first"),
    ],
)
def test_a_concept_leads_to_studies_that_have_it(
    concept: str, label: str, query: str, runs: Path, made: ModuleType
) -> None:
    made.store_of(runs, trials=())
    links = {link.proto.label: link.proto.query_string for link in page("coverage", concept=concept).get("page_link")}
    assert links[label] == query
