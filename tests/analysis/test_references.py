"""Ours beside the published: which rows meet, and when they agree."""

import pandas as pd
import pytest

from suite.analysis.references import beside
from tasks.task import Reference


def board(low: float, high: float) -> pd.DataFrame:
    row = {"architecture": "cnn", "mean": (low + high) / 2, "low": low, "high": high, "unit": "accuracy", "n_seeds": 3}
    return pd.DataFrame([{"task": "series/mnist1d", **row}, {"task": "image/digits", **row}])


def published(score: float, spread: float = 0.0, architecture: str = "cnn") -> dict[str, tuple[Reference, ...]]:
    return {"series/mnist1d": (Reference("CNN", score, "a paper", architecture, spread),)}


@pytest.mark.parametrize(
    ("score", "spread", "compared"),
    [
        (0.94, 0.0, "agrees"),
        (0.90, 0.0, "above"),
        (0.99, 0.0, "below"),
        (0.90, 0.02, "agrees"),
        (0.90, 0.01, "above"),
        (0.99, 0.02, "agrees"),
    ],
)
def test_a_published_score_agrees_if_it_reaches_into_the_interval(score: float, spread: float, compared: str) -> None:
    (row,) = beside(board(0.93, 0.95), published(score, spread)).to_dict("records")
    assert (row["task"], row["published"], row["compared"]) == ("series/mnist1d", score, compared)


def test_only_the_same_architecture_is_compared() -> None:
    assert beside(board(0.9, 1.0), published(0.94, architecture="mlp")).empty
    assert beside(board(0.9, 1.0), published(0.94, architecture="")).empty
    assert list(beside(board(0.9, 1.0), {}).columns)


def test_one_seed_has_no_interval() -> None:
    rows = beside(board(0.9, 1.0).assign(low=float("nan"), high=float("nan")), published(0.94))
    assert list(rows["compared"]) == ["no interval"]


def test_an_architecture_without_a_run_has_no_row() -> None:
    assert beside(board(0.9, 1.0).assign(mean=float("nan")), published(0.94)).empty
