"""Interactions: the numbers on the page are the answer's, and studies without any say why."""

from pathlib import Path
from types import ModuleType

import pytest

from dashboard import grids, words
from dashboard.theme import DARK, LIGHT, Palette
from suite.answer import ALL, answer
from suite.store import Store
from tests.dashboard.test_charts import drawn, rows_of
from tests.dashboard.test_pages import fresh
from tests.dashboard.viewer import charts, page, told

assert fresh  # an autouse fixture


@pytest.fixture
def study(runs: Path, made: ModuleType) -> Store:
    found: Store = made.store_of(runs)
    return found


def test_the_table_is_the_answer(study: Store) -> None:
    rows = answer(study, "first").interactions
    rows = rows[(rows["task"] == ALL) & (rows["architecture"] == ALL)]
    every = page("interactions").dataframe[1].value
    assert list(every["Difference of differences"]) == words.effects(rows)
    assert list(every["Verdict"]) == list(rows["verdict"])
    assert len(every) == 7


def test_the_finding_names_the_clearest_of_the_pair_with_its_counts(study: Store) -> None:
    app = page("interactions", factor="residual", by="depth")
    rows = answer(study, "first").interactions
    pooled = rows[(rows["task"] == ALL) & (rows["architecture"] == ALL)]
    row = pooled[(pooled["factor_a"] == "residual") & (pooled["factor_b"] == "depth")]
    assert len(row) == 1
    sentence = app.text[1].value
    assert sentence.startswith(f"residual none → add and depth 2 → 8 together give {words.effects(row)[0]}")
    assert f"3 seeds, {int(row['n_pairs'].iloc[0])} of 120 comparisons" in sentence
    assert "wonderland effects first --factor residual" in told(app)


def test_scopes_are_in_the_link_and_in_the_command(study: Store) -> None:
    app = page("interactions", task="image/digits", architecture="mlp")
    rows = answer(study, "first").interactions
    rows = rows[(rows["task"] == "image/digits") & (rows["architecture"] == "mlp")]
    assert list(app.dataframe[1].value["Difference of differences"]) == words.effects(rows)
    assert "--factor norm --task image/digits --architecture mlp" in told(app)


def test_the_other_factor_is_never_the_same(study: Store) -> None:
    app = page("interactions", factor="depth")
    assert app.selectbox(key="by").options == ["norm", "residual"]
    app.selectbox(key="factor").set_value("norm").run()
    assert not app.exception
    assert app.selectbox(key="by").value in ("residual", "depth")


def test_both_charts_are_told(study: Store) -> None:
    dependence, matrix = charts(page("interactions"))
    assert dependence.startswith("batch at residual none +0.2")
    assert matrix.startswith("7 of 7 interactions are decided, from -0.15 to +0.18")


def test_one_factor_has_nothing_to_interact_with(runs: Path, made: ModuleType) -> None:
    plan = made.plan().model_copy(update={"factors": {"depth": (2, 8)}})
    trials = [trial for trial in made.study_trials() if trial.tricks.norm == "batch" and trial.tricks.residual == "add"]
    made.write(runs, [made.record(trial) for trial in trials], plan)
    words = told(page("interactions"))
    assert "This study varies depth; an interaction takes two factors" in words


def test_factors_that_were_not_crossed_say_how_to_cross_them(runs: Path, made: ModuleType) -> None:
    base = {"norm": "none", "residual": "none", "depth": 2}
    single = [
        trial for trial in made.study_trials() if sum(trial.levels[name] != level for name, level in base.items()) <= 1
    ]
    plan = made.plan().model_copy(update={"design": "one_at_a_time", "trials": tuple(trial.id for trial in single)})
    made.write(runs, [made.record(trial) for trial in single], plan)
    words = told(page("interactions"))
    assert "These factors were not crossed" in words
    assert "one_at_a_time never moves two of norm, residual and depth at once" in words
    assert "wonderland sweep first" in words


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_the_matrix_has_the_numbers_of_the_answer(study: Store, palette: Palette) -> None:
    rows = answer(study, "first").interactions
    rows = rows[(rows["task"] == ALL) & (rows["architecture"] == ALL)]
    chart = grids.matrix(rows, palette)
    assert drawn(chart)
    assert rows_of(chart, "effect") == [list(rows["effect"])]
    assert rows_of(chart, "column") == [words.moves(rows, "a")]
    assert rows_of(chart, "shown") == [[f"{effect:+.2f}" for effect in rows["effect"]]]
