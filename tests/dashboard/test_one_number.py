"""One number wherever it is read: page, CSV, command line, its JSON, and by hand from the ledger."""

import io
import json
import shlex
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from dashboard import frame
from suite.analysis import text
from suite.answer import answer
from suite.cli.main import app as command_line
from suite.spreadsheet import csv
from suite.store import Store
from tests.dashboard.viewer import page, told

TASK = "image/digits"


def by_hand(store: Store) -> float:
    """What a residual connection gives on the task: the mean over seeds of the mean over all pairs."""
    scores = {
        (
            r.trial.architecture,
            r.trial.tricks.norm,
            r.trial.size.depth,
            r.trial.seed,
            r.trial.tricks.residual,
        ): r.result.test
        for r in store.records("first")
        if r.trial.task == TASK
    }
    gains: dict[int, list[float]] = {}
    for (*where, seed, residual), test in scores.items():
        other = scores.get((*where, seed, "none"))
        if residual == "add" and test is not None and other is not None:
            gains.setdefault(seed, []).append(test - other)
    return float(np.mean([np.mean(values) for values in gains.values()]))


def said(runs: Path, *words: str) -> str:
    result = CliRunner().invoke(command_line, [*words, "--runs", str(runs)])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_an_effect_in_five_places(runs: Path, made: ModuleType) -> None:
    store = made.store_of(runs, outcome=lambda trial: "finished")
    hand = by_hand(store)
    effects = answer(store, "first").effects
    row = effects[
        (effects["factor"] == "residual") & (effects["task"] == TASK) & (effects["architecture"] == "all")
    ].iloc[0]
    shown = text.effect(row["effect"], row["low"], row["high"])
    assert row["effect"] == pytest.approx(hand, abs=1e-12)
    assert shown.startswith(text.signed(hand)[: len(shown.split(" ")[0])])

    app = page("effects", study="first", factor="residual")
    assert shown in [
        cell for table in app.dataframe for cell in table.value.to_numpy().ravel() if isinstance(cell, str)
    ]

    words = ("effects", "first", "--task", TASK, "--factor", "residual")
    assert shown in said(runs, *words)
    document = json.loads(said(runs, *words, "--json"))["effects"][0]
    assert (document["effect"], document["low"], document["high"]) == (row["effect"], row["low"], row["high"])
    assert repr(float(row["effect"])) in csv(effects)


def test_a_leaderboard_in_page_and_command_line(runs: Path, made: ModuleType) -> None:
    made.store_of(runs, outcome=lambda trial: "finished")
    board = answer(Store(runs), "first").leaderboard
    top = board[board["task"] == TASK].iloc[0]
    shown = text.score(top["mean"], top["low"], top["high"])
    app = page("leaderboard", study="first", task=TASK)
    assert shown in app.dataframe[0].value.to_numpy().ravel()
    assert shown in told(app)
    assert shown in said(runs, "leaderboard", "first", "--task", TASK)


def chosen_by_hand(store: Store, architecture: str) -> list[float]:
    """The normalised scores on the task of the arm that is best on validation, a run each."""
    arms: dict[str, list[tuple[float, float]]] = {}
    for r in store.records("first"):
        if (r.trial.task, r.trial.architecture) == (TASK, architecture):
            score = ((r.result.test or 0.0) - r.chance) / (1 - r.chance)
            arms.setdefault(f"{r.trial.tricks} {r.trial.size}", []).append((r.result.valid or 0.0, score))
    best = max(arms.values(), key=lambda runs: float(np.mean([valid for valid, _ in runs])))
    return [score for _, score in best]


def test_a_profile_in_five_places(runs: Path, made: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    store = made.store_of(runs, outcome=lambda trial: "finished")
    hand = float(np.mean([score > 0.8 for score in chosen_by_hand(store, "cnn")]))
    whole = kept(monkeypatch)
    app = page("compare", study="first", task=TASK, part="Profiles")
    shown, full = whole["first-profiles"]
    cell = full[(full["competitor"] == "cnn") & (full["threshold"] == 0.8)].iloc[0]
    assert cell["share"] == pytest.approx(hand, abs=1e-12)
    assert shown.set_index("Competitor").loc["cnn", "> 0.8"] == f"{hand:.0%}"
    document = json.loads(said(runs, *shlex.split(app.code[-1].value)[1:]))["profiles"]
    told = [row for row in document if (row["competitor"], row["threshold"]) == ("cnn", 0.8)]
    assert [row["share"] for row in told] == [cell["share"]]


def test_how_often_one_is_better_in_five_places(runs: Path, made: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pairs alike inside a seed, seeds alike."""
    store = made.store_of(runs, outcome=lambda trial: "finished")
    tests = {
        (r.trial.seed, r.trial.architecture, r.trial.tricks.norm, r.trial.size.depth, r.trial.tricks.residual): (
            r.result.test or 0.0
        )
        for r in store.records("first")
        if r.trial.task == TASK
    }
    wins: dict[int, list[float]] = {}
    for (seed, *where, residual), test in tests.items():
        if residual == "add":
            other = tests[(seed, *where, "none")]
            wins.setdefault(seed, []).append((test > other) + 0.5 * (test == other))
    hand = float(np.mean([np.mean(values) for values in wins.values()]))
    whole = kept(monkeypatch)
    app = page("compare", study="first", task=TASK, by_what="residual", part="Pairs")
    shown, full = whole["first-pairwise"]
    (row,) = full.to_dict("records")
    assert (row["competitor"], row["other"]) == ("add", "none")
    assert row["improvement"] == pytest.approx(hand, abs=1e-12)
    assert shown["Better run"].iloc[0] == text.score(
        row["improvement"], row["improvement_low"], row["improvement_high"]
    )
    words = shlex.split(app.code[-1].value)[1:]
    assert json.loads(said(runs, *words, "--json"))["pairwise"][0]["improvement"] == row["improvement"]
    printed = pd.read_csv(io.StringIO(said(runs, *words, "--table", "pairwise", "--csv")))
    assert printed["improvement"].to_list() == [row["improvement"]]


@pytest.mark.parametrize(
    ("name", "query", "table"),
    [
        ("curves", {"task": TASK}, "first-curves"),
        ("curves", {"measure": "Training loss", "arms": ["cnn: norm batch, residual add, depth 8"]}, "first-curves"),
        ("cost", {}, "first-front-parameters"),
        ("cost", {"task": TASK, "cost": "Seconds"}, "first-front-seconds"),
        ("compare", {"by_what": "norm"}, "first-aggregates"),
    ],
)
def test_the_command_of_a_page_prints_its_table(
    name: str,
    query: dict[str, str | list[str]],
    table: str,
    runs: Path,
    made: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made.store_of(runs)
    whole = kept(monkeypatch)
    command = shlex.split(page(name, study="first", **query).code[-1].value)
    assert command[:2] == ["wonderland", name]
    part = ["--table", "aggregates"] if name == "compare" else []
    printed, full = said(runs, *command[1:], *part, "--csv"), csv(whole[table][1])
    pd.testing.assert_frame_equal(pd.read_csv(io.StringIO(printed)), pd.read_csv(io.StringIO(full)))


def kept(monkeypatch: pytest.MonkeyPatch) -> dict[str, tuple[pd.DataFrame, pd.DataFrame]]:
    """The tables of the pages that are looked at next, by their names: as they are shown, and in full."""
    found: dict[str, tuple[pd.DataFrame, pd.DataFrame]] = {}

    def keep(shown: pd.DataFrame, full: pd.DataFrame, name: str, *rest: object) -> None:
        found[name] = (shown, full)

    monkeypatch.setattr(frame, "tabulate", keep)
    return found
