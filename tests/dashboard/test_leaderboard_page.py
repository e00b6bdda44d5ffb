"""Leaderboard: the numbers are the answer's, or the published board's standing's; what stands beside is said."""

from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest

from dashboard import charts as drawings
from dashboard import company, findings, published, words
from dashboard.theme import DARK, LIGHT, Palette
from suite.analysis import text
from suite.analysis.needed import said
from suite.answer import ALL, Answer, answer
from suite.board.finding import Finding
from suite.board.published import BoardError
from suite.board.standing import Standing
from tests.board import made as boards
from tests.dashboard.test_charts import board, drawn, rows_of
from tests.dashboard.test_pages import HOSTILE, fresh
from tests.dashboard.viewer import charts, page, told

assert fresh  # an autouse fixture
TOGETHER = "image+series"


@pytest.fixture
def study(runs: Path, made: ModuleType) -> Answer:
    return answer(made.store_of(runs), "first")


@pytest.fixture
def standing(monkeypatch: pytest.MonkeyPatch) -> Standing:
    found = Standing(boards.board(), (Finding("lstm", "seeds", "it has not run every seed"),))
    monkeypatch.setattr(published, "look", lambda: found)
    return found


def test_the_table_is_the_answer(study: Answer) -> None:
    rows = study.leaderboard
    for task in (ALL, "series/mnist1d"):
        mine = rows[rows["task"] == task]
        app = page("leaderboard") if task == ALL else page("leaderboard", task=task)
        table = app.dataframe[0].value
        assert list(table["Score"]) == words.scores(mine)
        assert list(table["Rank"]) == words.ranks(mine)
        needed = [said(needed) for needed in mine["seeds_needed"]]
        assert list(table.get("Seeds to next", ["-"] * len(mine))) == needed
        assert ("Seeds to next" in table) == any(word != "-" for word in needed)
        assert app.text[1].value == findings.standing(mine)


def test_published_scores_stand_beside(study: Answer) -> None:
    app = page("leaderboard", task="series/mnist1d")
    known = study.references
    assert len(known) == 2
    table = app.dataframe[1].value
    assert list(table["Published"]) == [text.number(score) for score in known["published"]]
    assert list(table["Ours is"]) == list(known["compared"])
    assert "Grey rows are no entries" in told(app)


def test_classical_models_are_fitted_when_asked_for(study: Answer) -> None:
    app = page("leaderboard", task="tabular/breast_cancer", baselines="true")
    table = app.dataframe[1].value.set_index("Model")
    fitted = company.classical(("tabular/breast_cancer",), 3).set_index("baseline")
    assert table["Score"].to_dict() == dict(zip(fitted.index, words.scores(fitted), strict=True))
    assert {"forest", "svm", "constant"} <= set(table.index)
    assert "wonderland leaderboard first --task tabular/breast_cancer --baselines" in told(app)


def test_who_leads_each_task_and_who_might_as_well(study: Answer) -> None:
    leaders = page("leaderboard").dataframe[1].value.set_index("Task")
    board = study.leaderboard
    for task, row in leaders.iterrows():
        mine = board[(board["task"] == task) & board["rank_low"].notna()]
        assert row["First"] == mine["architecture"].iloc[0]
        assert row["Score"] == words.scores(mine)[0]
        assert row["Ranked"] == f"{len(mine)} of {(board['task'] == task).sum()}"
        others = [name for name, low in zip(mine["architecture"], mine["tie_group"], strict=True) if "a" in low][1:]
        assert row["Cannot be told apart from"] == (text.listed(others) or "-")


def test_where_nobody_has_every_task_the_leaders_come_first(runs: Path, made: ModuleType) -> None:
    trials = [
        trial
        for trial in made.study_trials()
        if (trial.architecture, trial.task) in (("mlp", "tabular/breast_cancer"), ("cnn", "image/digits"))
    ]
    made.write(runs, [made.record(trial) for trial in trials])
    app = page("leaderboard")
    assert app.text[1].value == (
        "No architecture can be ranked over all 2 tasks, as none has a score on each. cnn is first on 1 of them; on 0 "
        "the first is told apart from every other (at least 3 seeds)."
    )
    assert [subheader.value for subheader in app.subheader] == [
        "Who leads on each task?",
        "What did they score on each task?",
        "Who has how many tasks?",
    ]
    assert list(app.dataframe[0].value["First"]) == ["mlp", "cnn"]


def test_ties_that_have_no_room_are_in_the_table_only(monkeypatch: pytest.MonkeyPatch) -> None:
    assert rows_of(drawings.ranks(board(), LIGHT), "tie") == [["a"]]
    monkeypatch.setattr(drawings, "LANES", 0)
    assert rows_of(drawings.ranks(board(), LIGHT), "tie") == []


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_what_stands_beside_follows_those_with_a_rank(palette: Palette) -> None:
    nan = float("nan")
    others = pd.DataFrame({"name": ["forest (classical)", "LeNet (published)"], "mean": [0.8, 0.99]})
    chart = drawings.ranks(board(), palette, others.assign(low=[0.7, nan], high=[0.9, nan]))
    spec = drawn(chart)
    assert [3, 4] in rows_of(chart, "row")
    axis = spec["layer"][0]["encoding"]["y"]["axis"]
    assert axis["values"] == [0, 1, 2, 3, 4]
    low, high = spec["layer"][0]["encoding"]["x"]["scale"]["domain"]
    assert low < 0.65 < 0.99 < high


def test_beside_a_task_are_its_own_and_each_published_score_once() -> None:
    fitted = pd.DataFrame({"task": ["a", "b"], "baseline": "forest", "mean": [0.5, 0.9], "low": 0.4, "high": 0.6})
    known = pd.DataFrame({"task": ["a", "a"], "model": "LeNet", "published": 0.7, "spread": 0.01})
    rows = company.beside(known, fitted, "a")
    assert list(rows["name"]) == ["LeNet (published)", "forest (classical)"]
    assert list(rows["low"]) == [pytest.approx(0.68), 0.4]


def test_the_published_board_is_its_standing(standing: Standing, runs: Path) -> None:
    app = page("leaderboard", board="Published board")
    rows = standing.ranking(TOGETHER)
    table = app.dataframe[0].value
    assert list(table["Entry"]) == list(rows["entry"])
    assert list(table["Score"]) == words.scores(rows)
    assert list(table["Rank"]) == words.ranks(rows)
    assert "wonderland board image+series" in told(app)
    assert f"{len(standing.board.rows)} rows" in told(app)
    assert len(charts(app)) == 1


def test_who_is_in_quarantine_is_named_with_the_reason(standing: Standing, runs: Path) -> None:
    quarantine = page("leaderboard", board="Published board").dataframe[1].value
    assert quarantine.to_dict("records") == [
        {"Entry": "lstm", "Rule": "seeds", "Reason": "it has not run every seed"},
    ]


def test_the_published_board_of_one_task(standing: Standing, runs: Path) -> None:
    app = page("leaderboard", board="Published board", scope="tabular/friedman")
    assert list(app.dataframe[0].value["Entry"]) == ["mlp"]
    assert "mlp has the highest r2" in told(app)


def test_without_a_published_board_it_says_how_to_publish(monkeypatch: pytest.MonkeyPatch, runs: Path) -> None:
    def nothing() -> Standing:
        raise BoardError("no board there yet")

    monkeypatch.setattr(published, "look", nothing)
    words = told(page("leaderboard", board="Published board"))
    assert "No board there yet" in words
    assert "wonderland submit --all --publish" in words


def test_names_on_the_published_board_are_shown_as_they_are(
    monkeypatch: pytest.MonkeyPatch, standing: Standing, runs: Path
) -> None:
    evil = Standing(standing.board, (Finding(HOSTILE, "seeds", HOSTILE),))
    monkeypatch.setattr(published, "look", lambda: evil)
    app = page("leaderboard", board="Published board")
    assert list(app.dataframe[1].value["Reason"]) == [HOSTILE]
    spoken = (app.markdown, app.caption, app.subheader, app.title)
    assert not [element for elements in spoken for element in elements if "<b>" in str(element.value)]
