"""Effects: the numbers on the page are the answer's, in the unit that is asked for, and what was fixed is said."""

from pathlib import Path
from types import ModuleType

import pytest

from dashboard import charts as drawings
from dashboard import units, words
from dashboard.theme import LIGHT
from suite.answer import ALL, Answer, answer
from tests.dashboard.test_charts import rows_of
from tests.dashboard.test_pages import fresh
from tests.dashboard.viewer import charts, page, told

assert fresh  # an autouse fixture


@pytest.fixture
def study(runs: Path, made: ModuleType) -> Answer:
    return answer(made.store_of(runs), "first")


def pooled(study: Answer, factor: str) -> list[str]:
    rows = study.effects
    rows = rows[(rows["factor"] == factor) & (rows["task"] == ALL) & (rows["architecture"] == ALL)]
    return words.effects(words.by_level(rows, study.plan.factors[factor]))


def test_the_table_and_the_sentence_are_the_answer(study: Answer) -> None:
    app = page("effects", factor="residual")
    table = app.dataframe[0].value
    assert list(table[table["Task"] == "all"]["Effect"]) == pooled(study, "residual")
    assert app.text[2].value.startswith(
        f"Changing residual from none to add is worth {pooled(study, 'residual')[0]} normalised score, better"
    )
    assert "3 seeds, " in app.text[2].value


def test_a_task_is_shown_architecture_by_architecture(study: Answer) -> None:
    app = page("effects", factor="residual", task="image/digits")
    assert list(app.dataframe[0].value["Architecture"]) == ["all", "cnn", "gru", "mlp", "transformer"]
    assert "--factor residual --task image/digits" in told(app)


def test_normalised_effects_are_divided_by_what_is_above_chance(study: Answer) -> None:
    rows = study.effects
    same = units.shown_in(units.SAME, rows, study.table)
    digits = rows["task"] == "image/digits"
    assert list(same[digits]["effect"]) == pytest.approx([effect / 0.9 for effect in rows[digits]["effect"]])
    assert list(same[rows["task"] == ALL]["effect"]) == list(rows[rows["task"] == ALL]["effect"])
    assert set(same["unit"]) == {"normalised score"}
    shown = page("effects", factor="residual", task="image/digits", unit="Normalised").dataframe[0].value
    asked = same[digits & (rows["factor"] == "residual")]
    assert list(shown["Effect"]) == words.effects(words.by_level(asked, ("none", "add"), "architecture"))


def test_pools_for_new_tasks_are_wider_and_say_how_to_ask_for_them(study: Answer) -> None:
    app = page("effects", factor="residual", reach="New tasks")
    rows = study.effects_for("new-tasks", 0.95)
    rows = rows[(rows["factor"] == "residual") & (rows["task"] == ALL) & (rows["architecture"] == ALL)]
    assert app.dataframe[0].value["Effect"].iloc[0] == words.effects(rows)[0]
    assert words.effects(rows) != pooled(study, "residual")
    assert "wonderland effects first --factor residual --scope new-tasks" in told(app)


def test_the_declared_margin_is_drawn_and_said(runs: Path, made: ModuleType) -> None:
    plan = made.plan().model_copy(update={"margin": 0.03})
    one = answer(made.write(runs, [made.record(trial) for trial in made.study_trials()], plan), "first")
    rows = one.effects
    rows = rows[(rows["factor"] == "norm") & (rows["architecture"] == ALL)]
    chart = drawings.forest(rows, one.plan.factors["norm"], LIGHT, "task", 0.03)
    assert rows_of(chart, "inside") == [[-0.03]]
    assert rows_of(chart, "outside") == [[0.03]]
    assert "The shaded band is the margin" in told(page("effects"))
    assert "The shaded band" not in told(page("effects", unit="Normalised"))


def test_what_was_held_fixed_is_said(study: Answer) -> None:
    facts = page("effects").dataframe[1].value.set_index("What")["How"]
    assert facts["changes"] == "norm none, batch, layer, rms"
    assert facts["averaged over"] == "residual none, add; depth 2, 8"
    assert facts["fixed"] == "width 32, patch 4, steps 80, batch 32, rate 0.003"
    assert facts["ignored by mlp"] == "patch"


def test_the_heat_map_is_told_with_what_is_missing(study: Answer) -> None:
    assert charts(page("effects"))[1].startswith("9 of 10 cells of task and architecture have an effect, from +0.09 to")


def test_a_study_of_one_task_and_one_architecture_speaks_in_the_metric_of_the_task(
    runs: Path, made: ModuleType
) -> None:
    trials = [t for t in made.study_trials() if (t.architecture, t.task) == ("mlp", "image/digits")]
    plan = made.plan().model_copy(
        update={"architectures": ("mlp",), "tasks": ("image/digits",), "trials": tuple(t.id for t in trials)}
    )
    one = answer(made.write(runs, [made.record(trial) for trial in trials], plan), "first")
    rows = one.effects
    rows = rows[(rows["factor"] == "depth") & (rows["task"] == "image/digits") & (rows["architecture"] == ALL)]
    app = page("effects", factor="depth")
    assert list(app.dataframe[0].value["Effect"]) == words.effects(rows)
    assert f"is worth {words.effects(rows)[0]} accuracy" in app.text[2].value
    assert "one task and one architecture" in told(app)
    assert "wonderland effects first --factor depth --task image/digits" in told(app)
    assert "mlp" not in set(page("curves").dataframe[0].value["Arm"])
