"""Baselines reach the scores that are known of them, and the same ones every time."""

from typing import get_args

import numpy as np
import pytest

from suite import catalog
from suite.baselines import Baseline, board, features, refusal, score_baseline
from tests.specimens import SPECIMENS


@pytest.mark.parametrize(
    ("name", "task", "low", "high"),
    [
        ("linear", "tabular/breast_cancer", 0.94, 1.0),
        ("svm", "tabular/breast_cancer", 0.94, 1.0),
        ("forest", "tabular/breast_cancer", 0.92, 1.0),
        ("boosting", "tabular/breast_cancer", 0.92, 1.0),
        ("linear", "tabular/diabetes", 0.35, 0.65),
        ("neighbours", "tabular/diabetes", 0.2, 0.6),
        ("svm", "tabular/diabetes", 0.35, 0.65),
        ("linear", "image/digits", 0.93, 0.99),
        ("neighbours", "image/digits", 0.96, 1.0),
        ("svm", "image/digits", 0.97, 1.0),
        ("forest", "image/digits", 0.94, 1.0),
    ],
)
def test_scores_are_those_that_are_known(name: Baseline, task: str, low: float, high: float) -> None:
    for score in score_baseline(name, task, 0):
        assert low <= score <= high


@pytest.mark.parametrize("task", ["tabular/breast_cancer", "tabular/diabetes", "image/digits"])
def test_the_constant_scores_chance(task: str) -> None:
    found = np.mean([score_baseline("constant", task, seed) for seed in range(5)])
    assert found == pytest.approx(catalog.task(task).chance, abs=0.04)


@pytest.mark.parametrize("name", ["forest", "boosting"])
def test_the_same_seed_gives_the_same_bits(name: Baseline) -> None:
    assert score_baseline(name, "tabular/diabetes", 1) == score_baseline(name, "tabular/diabetes", 1)


def test_categories_become_ones_among_zeros() -> None:
    specimen = SPECIMENS["mixed table"]
    found = features(specimen.task, specimen.part(6))
    assert found.shape == (6, 3 + 4 + 3)
    np.testing.assert_array_equal(found[:, 1:5].sum(1), 1)
    np.testing.assert_array_equal(found[:, 1:5].argmax(1), specimen.part(6).inputs[:, 1])


@pytest.mark.parametrize("specimen", ["text", "graphs", "modes", "ragged series", "translation"])
def test_what_has_no_fixed_number_of_numbers_is_refused(specimen: str) -> None:
    assert refusal("forest", SPECIMENS[specimen].task) is not None


def test_a_board_has_every_baseline_that_can_take_the_task() -> None:
    rows = board(["tabular/breast_cancer", "tabular/diabetes"], range(2))
    assert list(rows[rows["task"] == "tabular/diabetes"]["baseline"]) == list(get_args(Baseline))
    one = rows[(rows["task"] == "tabular/breast_cancer") & (rows["baseline"] == "linear")].iloc[0]
    scores = [score_baseline("linear", "tabular/breast_cancer", seed)[1] for seed in range(2)]
    assert one["mean"] == pytest.approx(sum(scores) / 2)
    assert (one["unit"], one["n_seeds"]) == ("accuracy", 2)
    assert one["low"] < one["mean"] < one["high"]
