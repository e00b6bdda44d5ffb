"""One number, many places: what NumPy counts from the ledger's lines is what the command prints, in every form."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from scipy import stats
from typer.testing import CliRunner

from suite.analysis import text
from suite.cli.main import app
from suite.record import Record
from suite.store import Store
from suite.trial import Trial
from tests.test_store import filled

FACTORS = {"norm": ("none", "layer")}
NETS = ("cnn", "gru")
TASKS = ("image/digits", "series/mnist1d", "tabular/breast_cancer")
CHANCE = {"image/digits": 0.1, "series/mnist1d": 0.1, "tabular/breast_cancer": 0.6}
Say = Callable[..., str]
Lines = list[dict[str, object]]


@pytest.fixture
def store(tmp_path: Path, factorial: Callable[..., list[Record]]) -> Store:
    rng = np.random.default_rng(0)

    def score(trial: Trial) -> float:
        gain = 0.04 * (trial.tricks.norm == "layer") - 0.03 * (trial.architecture == "gru")
        return 0.7 + gain + 0.01 * trial.seed + float(rng.normal(0, 0.01))

    store = filled(tmp_path, "fifth", factorial(score, FACTORS, TASKS, NETS, seeds=4))
    asked = {"tasks": TASKS, "architectures": NETS, "factors": FACTORS, "seeds": 4, "design": "factorial"}
    store.write_plan(store.plan("fifth").model_copy(update=asked))
    return store


@pytest.fixture
def say(store: Store, monkeypatch: pytest.MonkeyPatch) -> Say:
    monkeypatch.setenv("COLUMNS", "400")

    def run(*words: str) -> str:
        done = CliRunner().invoke(app, [*words, "--runs", str(store.root)], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.stdout

    return run


@pytest.fixture
def lines(store: Store) -> Lines:
    """What the ledger's lines hold, read as any JSON."""
    (ledger,) = store.folder("fifth").glob("ledger*")
    found = []
    for line in ledger.read_text().splitlines():
        given = json.loads(line)
        record = given.get("record", given)
        trial = record["trial"]
        test, chance = record["result"]["test"], CHANCE[trial["task"]]
        found.append(
            {
                "at": (trial["task"], trial["architecture"], trial["seed"]),
                "norm": trial["tricks"].get("norm", "none"),
                "valid": record["result"]["valid"],
                "score": (test - chance) / (1 - chance),
            }
        )
    assert len(found) == 3 * 2 * 4 * 2
    return found


def by_hand(lines: Lines) -> tuple[float, float, float]:
    """The effect of layer norm over all tasks and both architectures, with Satterthwaite's interval."""
    score = {(line["at"], line["norm"]): line["score"] for line in lines}
    d = np.array(
        [
            [
                np.mean([score[(t, a, s), "layer"] - score[(t, a, s), "none"] for a in ("cnn", "gru")])  # type: ignore[operator]
                for s in range(4)
            ]
            for t in TASKS
        ]
    )
    v = d.var(axis=1, ddof=1) / 4
    half = stats.t.ppf(0.975, v.sum() ** 2 / (v**2 / 3).sum()) * v.sum() ** 0.5 / 3
    return d.mean(), d.mean() - half, d.mean() + half


def test_an_effect_is_the_same_in_text_json_csv_and_numpy(say: Say, lines: Lines) -> None:
    expected = by_hand(lines)
    (row,) = json.loads(say("effects", "--json"))["effects"]
    assert [row["effect"], row["low"], row["high"]] == pytest.approx(expected, rel=1e-12)
    (cells,) = csv.DictReader(io.StringIO(say("effects", "--csv")))
    assert [float(cells[name]) for name in ("effect", "low", "high")] == [row["effect"], row["low"], row["high"]]
    shown = text.effect(*expected)
    assert shown in say("effects")
    assert shown in say("effects", "--latex").replace(r"\textbackslash{}", "\\")


def test_the_scope_of_new_tasks_is_the_same_too(say: Say, lines: Lines) -> None:
    (row,) = json.loads(say("effects", "--scope", "new-tasks", "--json"))["effects"]
    (cells,) = csv.DictReader(io.StringIO(say("effects", "--scope", "new-tasks", "--csv")))
    score = {(line["at"], line["norm"]): line["score"] for line in lines}
    means = [
        np.mean([score[(t, a, s), "layer"] - score[(t, a, s), "none"] for a in ("cnn", "gru") for s in range(4)])  # type: ignore[operator]
        for t in TASKS
    ]
    interval = stats.ttest_1samp(means, 0).confidence_interval(0.95)
    assert [row["effect"], row["low"], row["high"]] == pytest.approx([np.mean(means), *interval], rel=1e-12)
    assert float(cells["low"]) == row["low"]
    assert text.effect(float(np.mean(means)), *interval) in say("effects", "--scope", "new-tasks")


def test_a_place_on_the_leaderboard_is_the_same_everywhere(say: Say, lines: Lines) -> None:
    rows = {row["architecture"]: row for row in json.loads(say("leaderboard", "--json"))["leaderboard"]}
    cells = {row["architecture"]: row for row in csv.DictReader(io.StringIO(say("leaderboard", "--csv")))}
    printed = say("leaderboard")
    for name in ("cnn", "gru"):
        means, v = [], []
        for task in TASKS:
            arms = {
                norm: [line for line in lines if line["at"][:2] == (task, name) and line["norm"] == norm]  # type: ignore[index]
                for norm in FACTORS["norm"]
            }
            best = max(arms.values(), key=lambda arm: np.mean([line["valid"] for line in arm]))  # type: ignore[misc]
            scores = np.array([line["score"] for line in best], dtype=float)
            means.append(scores.mean())
            v.append(scores.var(ddof=1) / 4)
        v_T = np.array(v)
        half = stats.t.ppf(0.975, v_T.sum() ** 2 / (v_T**2 / 3).sum()) * v_T.sum() ** 0.5 / 3
        expected = [np.mean(means), np.mean(means) - half, np.mean(means) + half]
        assert [rows[name][key] for key in ("mean", "low", "high")] == pytest.approx(expected, rel=1e-12)
        assert [float(cells[name][key]) for key in ("mean", "low", "high")] == [
            rows[name][key] for key in ("mean", "low", "high")
        ]
        assert text.score(*expected) in printed


def test_compare_prints_what_its_json_holds(say: Say) -> None:
    for by in ("architecture", "norm"):
        found = json.loads(say("compare", "--by", by, "--json"))
        printed = say("compare", "--by", by)
        (pair,) = found["pairwise"]
        assert text.effect(pair["difference"], pair["low"], pair["high"]) in printed
        assert f"{pair['better']:.2f}/{pair['rope']:.2f}/{pair['worse']:.2f}" in printed
        assert pair["n_tasks"] == 3
        (cells,) = csv.DictReader(io.StringIO(say("compare", "--by", by, "--csv")))
        assert float(cells["improvement"]) == pair["improvement"]
        assert [row["competitor"] for row in found["ranks"]] == [pair["competitor"], pair["other"]]
    assert "48 of 48 records" in printed
    assert r"\toprule" in say("compare", "--table", "ranks", "--latex")


def test_two_forms_at_once_and_unknown_names_are_wrong_usage(store: Store) -> None:
    for words, message in (
        (["effects", "--csv", "--json"], "exclude each other"),
        (["compare", "--by", "nrom"], "did you mean 'norm'?"),
        (["compare", "--table", "rank"], "did you mean 'ranks'?"),
        (["effects", "--scope", "all-tasks"], "new-tasks"),
        (["effects", "--confidence", "2"], "0.999"),
    ):
        done = CliRunner().invoke(app, [*words, "--runs", str(store.root)])
        assert done.exit_code == 2, words
        assert message in done.output, words
