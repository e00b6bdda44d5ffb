"""One number wherever it is read: page, CSV, command line, its JSON, and by hand from the ledger."""

import json
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from typer.testing import CliRunner

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
