"""The commands behind the pages Curves and Cost: their numbers are computed again here from the records."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from suite import ledger
from suite.arms import trials
from suite.plan import planned
from suite.record import Point, Record
from suite.store import Store
from suite.study import Study
from suite.trial import Trial
from tests.analysis.conftest import _record
from tests.cli.conftest import Wonderland

STUDY = Study(
    question="?",
    tasks=("image/digits", "tabular/breast_cancer"),
    architectures=("mlp", "cnn"),
    factors={"depth": (2, 8)},
    seeds=3,
)
SMALL = Study(question="?", tasks=("image/digits",), architectures=("mlp",), factors={"depth": (2, 8)}, seeds=3)


def score(trial: Trial) -> float:
    """Deep is better, a convolution is best, and seeds differ."""
    return 0.5 + 0.02 * trial.size.depth + 0.1 * (trial.architecture == "cnn") + 0.01 * trial.seed


def made(trial: Trial) -> Record:
    """A record with a curve of three points; a convolution has 3,000 parameters, an MLP 1,000."""
    record = _record(trial, score(trial))
    curve = tuple(
        Point(step=step, loss=2.0 - score(trial) - step, valid=score(trial) + step / 100) for step in (0, 1, 2)
    )
    cost = record.cost.model_copy(update={"parameters": 3000 if trial.architecture == "cnn" else 1000})
    on = record.provenance.model_copy(update={"host": "far" if trial.seed == 2 else "near"})
    result = record.result.model_copy(update={"curve": curve})
    return record.model_copy(update={"result": result, "cost": cost, "provenance": on})


def stored(root: Path, name: str, study: Study) -> list[Record]:
    records = [made(trial) for trial in trials(study)]
    with ledger.owned(Store(root).folder(name)) as book:
        book.append(records)
    Store(root).write_plan(planned(name, study, name, trials(study)))
    return records


@pytest.fixture
def records(tmp_path: Path) -> list[Record]:
    return stored(tmp_path / "runs", "seen", STUDY)


def table(printed: str) -> list[dict[str, str]]:
    return list(csv.DictReader(printed.splitlines()))


def mean_low_high(values: list[float]) -> tuple[float, float, float]:
    half = stats.t.ppf(0.975, len(values) - 1) * np.std(values, ddof=1) / np.sqrt(len(values))
    return float(np.mean(values)), float(np.mean(values) - half), float(np.mean(values) + half)


@pytest.mark.parametrize("measure", ["valid", "loss"])
def test_curves_are_means_over_seeds(wonderland: Wonderland, records: list[Record], measure: str) -> None:
    done = wonderland("curves", "--csv", "--task", "image/digits", "--arm", "cnn: depth 8", "--measure", measure)
    rows = table(done.out)
    assert [(row["task"], row["arm"], row["step"], row["n"]) for row in rows] == [
        ("image/digits", "cnn: depth 8", str(step), "3") for step in (0, 1, 2)
    ]
    at = [r for r in records if (r.trial.task, r.trial.architecture, r.trial.size.depth) == ("image/digits", "cnn", 8)]
    for row in rows:
        expected = mean_low_high([getattr(record.result.curve[int(row["step"])], measure) for record in at])
        assert (float(row["mean"]), float(row["low"]), float(row["high"])) == pytest.approx(expected)


def test_curves_are_of_all_arms_where_there_are_few(wonderland: Wonderland, records: list[Record]) -> None:
    found = json.loads(wonderland("curves", "seen", "--json").out)
    assert (found["measure"], found["of_arms"], len(found["arms"]), len(found["means"])) == (
        "valid",
        4,
        4,
        18,
    )  # a convolution takes no tables
    assert {(row["step"], row["n_runs"]) for row in found["ends"]} == {(2, 3)}
    said = wonderland("curves", "seen", "--arm", "mlp: depth 2")
    assert "Validation score at the last step" in said.out
    assert "1 of 4 arms; --all shows the rest" in said.out
    wrong = wonderland("curves", "seen", "--arm", "mlp: dept 2")
    assert (wrong.code, "did you mean 'mlp: depth 2'" in wrong.err) == (2, True)
    assert r"\begin{tabular}" in wonderland("curves", "seen", "--latex").out


def test_costs_have_intervals_and_a_front(wonderland: Wonderland, records: list[Record]) -> None:
    rows = {row["competitor"]: row for row in table(wonderland("cost", "--csv", "--task", "image/digits").out)}
    for name, paid in (("mlp", 1000.0), ("cnn", 3000.0)):
        at = [
            r for r in records if (r.trial.task, r.trial.architecture, r.trial.size.depth) == ("image/digits", name, 8)
        ]
        expected = mean_low_high([record.result.test or 0.0 for record in at])
        row = rows[name]
        assert (float(row["mean"]), float(row["low"]), float(row["high"])) == pytest.approx(expected)
        assert (float(row["paid"]), row["front"], row["front_share"]) == (paid, "True", "1.0")
    found = json.loads(wonderland("cost", "--json", "--task", "each").out)
    assert [(row["task"], row["competitor"]) for row in found["competitors"]] == [
        ("image/digits", "mlp"),
        ("image/digits", "cnn"),
        ("tabular/breast_cancer", "mlp"),
    ]
    assert "Score against parameters" in wonderland("cost").out


def test_seconds_are_those_of_one_machine_unless_asked_otherwise(wonderland: Wonderland, records: list[Record]) -> None:
    found = json.loads(wonderland("cost", "--cost", "seconds", "--json").out)
    assert (found["machine"], found["machines"]) == ("near", {"near": 12, "far": 6})
    assert {row["n_seeds"] for row in found["competitors"]} == {2}
    every = json.loads(wonderland("cost", "--cost", "seconds", "--machine", "all", "--json").out)
    assert {row["n_seeds"] for row in every["competitors"]} == {3}
    assert (
        "these are those on near of: near (12 records); far (6 records)" in wonderland("cost", "--cost", "seconds").out
    )
    assert wonderland("cost", "--machine", "fat").code == 2


def test_published_scores_are_a_table_too(wonderland: Wonderland, records: list[Record]) -> None:
    assert wonderland("references", "--csv").out.startswith("task,architecture,")
    assert r"\begin{tabular}" in wonderland("references", "--latex").out
    assert wonderland("references", "--csv", "--json").code == 2


def test_settings_of_one_architecture_compete(wonderland: Wonderland, tmp_path: Path) -> None:
    stored(tmp_path / "runs", "small", SMALL)
    found = json.loads(wonderland("cost", "small", "--json").out)["competitors"]
    assert [(row["task"], row["competitor"], row["front"]) for row in found] == [
        ("image/digits", "depth 8", True),
        ("image/digits", "depth 2", False),
    ]
