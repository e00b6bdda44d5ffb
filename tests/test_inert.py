"""A setting that an architecture ignores: one trial, shown under every arm that asked, and compared with nothing."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

from suite import catalog
from suite.analysis.effects import effects
from suite.analysis.failures import failures
from suite.analysis.finding import finding
from suite.analysis.interactions import interactions
from suite.analysis.ranking import leaderboard
from suite.analysis.table import spread, table
from suite.arms import inert, trials
from suite.record import Cost, Provenance, Record, Result
from suite.study import Study
from suite.trial import Trial

KERNELS, DEPTHS = (5, 7), (1, 2)  # neither kernel is the default
WORTH = {5: 0.0, 7: 0.1}


def study(**fields: Any) -> Study:
    asked = {
        "question": "Does it help?",
        "tasks": ("image/digits",),
        "architectures": ("mlp", "cnn"),
        "factors": {"kernel": KERNELS, "depth": DEPTHS},
        "seeds": 3,
    }
    return Study(**(asked | fields))


def record(trial: Trial) -> Record:
    """Depth is worth 0.2 everywhere, the wider kernel 0.1 where there is one; seeds differ a little."""
    score = 0.3 + 0.2 * (trial.size.depth == 2) + WORTH.get(trial.size.kernel, 0.0) + 0.01 * trial.seed
    return Record(
        trial=trial,
        metric="accuracy",
        chance=0.0,
        result=Result(outcome="finished", steps=1, valid=score, test=score),
        cost=Cost(),
        provenance=Provenance(source="s", data="d", numerics={}, libraries={}),
    )


def rows(asked: Study, of: Callable[[Trial], Record] = record) -> pd.DataFrame:
    return spread(table(map(of, trials(asked))), asked.arms(), inert(asked))


def of(found: pd.DataFrame, **where: object) -> pd.DataFrame:
    for column, value in where.items():
        found = found[found[column] == value]
    return found


def test_arms_that_differ_in_what_is_ignored_are_one_trial() -> None:
    asked = trials(study())
    assert inert(study()) == {"mlp": ("kernel",)}
    assert [t.architecture for t in asked].count("cnn") == 4 * 3
    assert [t.architecture for t in asked].count("mlp") == 2 * 3
    assert {t.size.kernel for t in asked if t.architecture == "mlp"} == {Trial(task="", architecture="").size.kernel}


def test_what_the_baseline_says_of_it_is_left_out_too() -> None:
    """So that the same network in another study is found again."""
    (one,) = trials(study(architectures=("mlp",), factors={}, baseline={"kernel": 7}, seeds=1))
    (other,) = trials(study(architectures=("mlp",), factors={}, seeds=1))
    assert one.id == other.id
    assert inert(study(architectures=("mlp",), factors={}, baseline={"kernel": 7}, seeds=1)) == {"mlp": ("kernel",)}


def test_settings_that_are_not_ignored_are_left_alone() -> None:
    for trial in trials(study(architectures=("cnn",))):
        assert trial.size.kernel in KERNELS
        assert "kernel" not in catalog.ignored("cnn")


def test_one_record_stands_under_every_arm_that_asked_for_it() -> None:
    found = rows(study())
    assert len(found) == 2 * 4 * 3
    assert of(found, architecture="mlp")["id"].nunique() == 2 * 3
    arms = of(found, architecture="mlp", seed=0)[["kernel", "depth"]]
    assert sorted(map(tuple, arms.to_numpy().tolist())) == [(5, 1), (5, 2), (7, 1), (7, 2)]


def test_an_arm_that_the_design_leaves_out_is_not_made_up() -> None:
    found = rows(study(design="one_at_a_time"))
    for name in ("mlp", "cnn"):
        arms = of(found, architecture=name, seed=0)[["kernel", "depth"]]
        assert sorted(map(tuple, arms.to_numpy().tolist())) == [(5, 1), (5, 2), (7, 1)]


@pytest.mark.parametrize("design", ["factorial", "one_at_a_time"])
def test_its_effect_is_that_of_the_others(design: str) -> None:
    """0.1 in the convolution. Half of that would be said if the perceptron counted as a zero."""
    asked = study(design=design)
    found = effects(rows(asked), asked.factors)
    kernel = of(found, factor="kernel", task="all")
    assert set(kernel["architecture"]) == {"all", "cnn"}, "and the perceptron has no such effect"
    assert kernel["effect"].to_numpy() == pytest.approx(0.1)
    assert (kernel["n_missing"] == 0).all()
    depth = of(found, factor="depth", task="all")
    assert set(depth["architecture"]) == {"all", "cnn", "mlp"}
    assert depth["effect"].to_numpy() == pytest.approx(0.2)
    assert (depth["n_missing"] == 0).all()


def test_there_is_no_interaction_with_what_is_ignored() -> None:
    found = interactions(rows(study()), study().factors)
    assert set(found["architecture"]) == {"all", "cnn"}


def test_the_board_and_the_sentence_stand() -> None:
    board = of(leaderboard(rows(study()), study().factors), task="all")
    assert list(board["architecture"]) == ["cnn", "mlp"]
    assert (board["n_missing"] == 0).all()
    sentence = finding(rows(study()), study().factors)
    assert "no record" not in sentence
    assert "did not finish" not in sentence


def test_a_lost_run_is_one_run() -> None:
    def lost(trial: Trial) -> Record:
        if trial.architecture != "mlp" or trial.seed or trial.size.depth != 2:
            return record(trial)
        return record(trial).model_copy(update={"result": Result(outcome="diverged", steps=1)})

    found = rows(study(), lost)
    assert "1 of 18 runs did not finish" in finding(found, study().factors)
    assert len(failures(found, study().factors)) == 2, "in each arm that it is missing from"


def test_without_anything_ignored_the_table_is_as_it_was() -> None:
    asked = study(architectures=("cnn",))
    plain = table(map(record, trials(asked)))
    pd.testing.assert_frame_equal(spread(plain, asked.arms(), inert(asked)), plain)
