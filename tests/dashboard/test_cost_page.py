"""Cost: the front is the answer's, intervals are known ones, and seconds of different machines are kept apart."""

from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from scipy import stats

from dashboard import tradeoff, words
from dashboard.amounts import Amount
from dashboard.theme import DARK, LIGHT, Palette
from suite import spending
from suite.answer import Answer, answer
from suite.record import Record
from suite.store import Store
from tests.dashboard.test_charts import drawn, rows_of
from tests.dashboard.test_pages import fresh
from tests.dashboard.viewer import charts, page, told

assert fresh  # an autouse fixture


@pytest.fixture
def study(runs: Path, made: ModuleType) -> Answer:
    return answer(made.store_of(runs), "first")


def elsewhere(record: Record, host: str) -> Record:
    provenance = record.provenance.model_copy(update={"host": host})
    cost = record.cost.model_copy(update={"seconds": record.cost.seconds * (1 + record.trial.seed)})
    return record.model_copy(update={"provenance": provenance, "cost": cost})


def mixed(runs: Path, made: ModuleType) -> Store:
    """Seed 2 ran on another machine."""
    trials = made.study_trials()
    found: Store = made.write(runs, [elsewhere(made.record(t), "node" if t.seed == 2 else "laptop") for t in trials])
    return found


def test_the_front_and_the_scores_are_the_answer(study: Answer) -> None:
    table = page("cost", task="image/digits").dataframe[0].value.set_index("Competitor")
    front = study.pareto
    front = front[(front["task"] == "image/digits") & (front["cost"] == "parameters")].set_index("competitor")
    assert set(table.index) == set(front.index) == {"mlp", "cnn", "transformer", "gru"}
    assert {name: row == "yes" for name, row in table["On the front"].items()} == front["front"].to_dict()
    board = study.leaderboard
    board = board[board["task"] == "image/digits"]
    assert table["Score"].to_dict() == dict(zip(board["architecture"], words.scores(board), strict=True))
    assert table["Parameters"].to_dict() == {name: words.amount(paid) for name, paid in front["paid"].items()}


def test_over_all_tasks_the_absent_are_named(study: Answer) -> None:
    app = page("cost")
    assert "a task or all finished runs are missing: cnn and gru" in told(app)
    assert app.text[1].value.startswith("2 of 2 are on the front: mlp is the cheapest, 0.549 [0.495, 0.603]")
    assert charts(app)[0].startswith("2 of 2 are on the front")


def test_settings_compete_where_there_is_one_architecture(runs: Path, made: ModuleType) -> None:
    trials = [t for t in made.study_trials() if t.architecture == "mlp" and t.task == "image/digits"]
    plan = made.plan().model_copy(
        update={"architectures": ("mlp",), "tasks": ("image/digits",), "trials": tuple(t.id for t in trials)}
    )
    one = answer(made.write(runs, [made.record(trial) for trial in trials], plan), "first")
    entries = spending.entries(one, "image/digits", "parameters").set_index("competitor")
    assert len(entries) == 16
    name = "norm batch, residual add, depth 8"
    at = one.table[(one.table["norm"] == "batch") & (one.table["residual"] == "add") & (one.table["depth"] == 8)]
    half = stats.t.ppf(0.975, 2) * at["test"].std(ddof=1) / np.sqrt(3)
    assert entries.loc[name, ["low", "high"]].tolist() == pytest.approx(
        [at["test"].mean() - half, at["test"].mean() + half]
    )
    assert name in set(page("cost").dataframe[0].value["Competitor"])


def test_what_was_paid_goes_from_the_cheapest_seed_to_the_dearest(runs: Path, made: ModuleType) -> None:
    study = answer(mixed(runs, made), "first")
    row = spending.entries(study, "image/digits", "seconds").set_index("competitor").loc["mlp"]
    assert row["most"] == pytest.approx(3 * row["least"])
    assert row["paid"] == pytest.approx(2 * row["least"])


def test_seconds_of_two_machines_are_split_and_it_is_said(runs: Path, made: ModuleType) -> None:
    mixed(runs, made)
    app = page("cost", cost="Seconds", task="image/digits")
    assert "2 machines, whose seconds cannot be compared: laptop, cpu AVX512 (320) and node" in told(app)
    assert "320 of 480 records" in told(app)
    assert set(app.dataframe[0].value["Seeds"]) == {2}
    both = page("cost", cost="Seconds", task="image/digits", machine="All machines")
    assert "all of them together" in told(both)
    assert set(both.dataframe[0].value["Seeds"]) == {3}


def test_parameters_are_the_same_on_all_machines(runs: Path, made: ModuleType) -> None:
    mixed(runs, made)
    app = page("cost", task="image/digits")
    assert "machines" not in told(app)
    assert "From" not in app.dataframe[0].value


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_the_front_is_drawn_with_everybody_on_it(study: Answer, palette: Palette) -> None:
    entries = spending.entries(study, "image/digits", "parameters")
    looks = tradeoff.looks(list(entries["competitor"]), [], palette, architectures=True)
    chart = tradeoff.front(entries, Amount("parameters"), looks, palette)
    assert drawn(chart)
    assert max(rows_of(chart, "competitor"), key=len) == list(entries["competitor"])
    assert sorted(max(rows_of(chart, "paid"), key=len)) == sorted(entries["paid"])


def test_nobody_finished(runs: Path, made: ModuleType) -> None:
    made.store_of(runs, outcome=lambda trial: "diverged", trials=made.study_trials()[:32])
    assert "Nobody finished every task" in told(page("cost"))
