"""Ranks against Demsar's published example, and cliques that hold only what is not separated."""

import numpy as np
import pytest

from suite.analysis.bradley_terry import ELO, bradley_terry
from suite.analysis.ranks import average_ranks, cliques, friedman, wilcoxon
from tests.analysis.demsar import AUC


def test_average_ranks_are_the_published_ones() -> None:
    assert average_ranks(AUC) == pytest.approx([3.143, 2.000, 2.893, 1.964], abs=0.001)


def test_friedman_is_the_published_one_but_for_its_missing_tie_correction() -> None:
    """Printed: chi2 9.28 and F 3.69, without the correction for ties, which makes them a little larger."""
    found = friedman(AUC)
    ranks, n, k = average_ranks(AUC), *AUC.shape
    plain = 12 * n / (k * (k + 1)) * ((ranks**2).sum() - k * (k + 1) ** 2 / 4)
    assert plain == pytest.approx(9.28, abs=0.01)
    assert (n - 1) * plain / (n * (k - 1) - plain) == pytest.approx(3.69, abs=0.01)
    assert found.chi2 > plain
    assert found.p < 0.05


def test_too_few_are_refused() -> None:
    with pytest.raises(ValueError, match="three competitors on two tasks; got 2 on 14"):
        friedman(AUC[:, :2])


def test_wilcoxon_sees_pairs_by_row() -> None:
    found = wilcoxon(AUC)
    assert (found == found.T).all()
    assert (np.diag(found) == 1).all()
    assert found[0, 1] < 0.1 < found[1, 3]
    assert wilcoxon(np.ones((10, 3))).min() == 1.0


def test_a_clique_has_no_separated_pair_and_is_as_large_as_can_be() -> None:
    rng = np.random.default_rng(0)
    base = rng.normal(0, 0.01, (30, 1))
    strengths = np.array([0.0, 0.002, 0.3, 0.302])
    scores = base + strengths + rng.normal(0, 0.02, (30, 4))
    assert sorted(tuple(sorted(group)) for group in cliques(scores)) == [(0, 1), (2, 3)]
    assert cliques(scores + 10 * np.arange(4)) == []
    alike = base + rng.normal(0, 0.02, (30, 3))
    assert [len(group) for group in cliques(alike)] == [3]


def test_strengths_give_the_shares_of_wins_back() -> None:
    """Exact where the shares are those of a Bradley-Terry model."""
    truth = np.array([200.0, 0.0, -50.0, -150.0])
    share = 1 / (1 + np.exp(-(truth[:, None] - truth) / ELO))
    wins = 100 * share * (1 - np.eye(4))
    found = bradley_terry(wins)
    assert found.elo == pytest.approx(truth, abs=1e-3)
    assert not found.separated


def test_who_always_wins_gets_a_finite_number_and_is_told_of() -> None:
    wins = np.array([[0, 10, 10], [0, 0, 5], [0, 5, 0.0]])
    found = bradley_terry(wins)
    assert found.separated
    assert np.isfinite(found.elo).all()
    assert found.elo[0] > found.elo[1] == pytest.approx(found.elo[2], abs=1e-6)
    assert found.elo[0] < 1500


def test_strengths_are_agrestis_of_the_baseball_league() -> None:
    """Agresti, Categorical Data Analysis, American League 1987: log odds against Baltimore."""
    wins = np.array(
        [
            [0, 7, 9, 7, 7, 9, 11],
            [6, 0, 7, 5, 11, 9, 9],
            [4, 6, 0, 7, 7, 8, 12],
            [6, 8, 6, 0, 6, 7, 10],
            [6, 2, 6, 7, 0, 7, 12],
            [4, 4, 5, 6, 6, 0, 6],
            [2, 4, 1, 3, 1, 7, 0],
        ]
    )
    elo = bradley_terry(wins).elo
    assert (elo - elo[-1]) / ELO == pytest.approx([1.58, 1.44, 1.29, 1.25, 1.11, 0.68, 0.0], abs=0.006)
