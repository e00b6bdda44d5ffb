"""Intervals of scores end where scores do."""

import math

import numpy as np
import pandas as pd
import pytest

from suite.analysis.bounds import possible
from suite.analysis.curves import means
from suite.analysis.ranking import leaderboard
from suite.analysis.table import table
from tests.records import record


def test_limits_are_cut_to_what_a_mean_can_be() -> None:
    low, high = possible(np.array([-0.2, 0.3, math.nan]), np.array([1.4, 0.9, math.nan]), "accuracy")
    np.testing.assert_array_equal(low, [0.0, 0.3, math.nan])
    np.testing.assert_array_equal(high, [1.0, 0.9, math.nan])
    low, high = possible(np.array([-0.2]), np.array([1.4]), "r2")
    assert (low[0], high[0]) == (-0.2, 1.0), "R2 has no least"


def test_two_seeds_far_apart_are_not_above_perfection_on_a_leaderboard() -> None:
    rows = leaderboard(table([record(0, test=0.99), record(1, test=0.7)]), {})
    digits = rows[rows["task"] == "image/digits"].iloc[0]
    assert (digits["low"], digits["high"]) == (0.0, 1.0)
    assert digits["mean"] == pytest.approx(0.845)
    everything = rows[rows["task"] == "all"].iloc[0]
    assert everything["low"] < 0, "the normalised score may be below that of the best constant answer"
    assert everything["high"] == 1.0


def curve(*values: float) -> pd.DataFrame:
    rows = [("t", "arm", seed, 5, value) for seed, value in enumerate(values)]
    return pd.DataFrame(rows, columns=["task", "arm", "seed", "step", "value"])


def test_bands_of_curves_end_where_scores_and_losses_do() -> None:
    score, loss = means(curve(0.99, 0.7), {"t": "accuracy"}).iloc[0], means(curve(0.1, 2.0)).iloc[0]
    assert (score["low"], score["high"]) == (0.0, 1.0)
    assert loss["low"] == 0.0
    assert loss["high"] > 2.0
    assert means(curve(-0.1, 2.0)).iloc[0]["low"] < -0.1, "a loss of one's own may go below 0"
