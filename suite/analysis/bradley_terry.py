"""Bradley-Terry strengths from who beat whom, with a guard for those who always win (Bradley and Terry 1952).

Axes: A competitors.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from suite.analysis.cube import Floats

PRIOR = 0.5  # of a win and a loss against an average competitor, where wins alone would have no finite answer
ROUNDS = 10_000
CLOSE = 1e-10
ELO = 400 / np.log(10)  # points for a strength e times as large


@dataclass(frozen=True)
class Strengths:
    """Elo points around a mean of 0. `separated` says that wins alone had no finite answer, so that a prior helped."""

    elo: Floats
    separated: bool


def bradley_terry(wins_AA: Floats) -> Strengths:
    """Maximum-likelihood strengths; `wins_AA[a, b]` is how often a beat b, ties a half each.

    The likelihood has a maximum only if everybody has, by some chain of wins, beaten everybody (Ford 1957). Else half a
    win and half a loss against an average competitor are added to all.
    """
    wins_AA = np.asarray(wins_AA, dtype=float)
    pieces, _ = sparse.csgraph.connected_components(sparse.csr_array(wins_AA > 0), connection="strong")
    separated = bool(pieces > 1)
    prior = PRIOR if separated else 0.0
    games_AA, won_A = wins_AA + wins_AA.T, wins_AA.sum(1) + prior
    strength_A = np.ones(len(wins_AA))
    for _ in range(ROUNDS):  # Hunter (2004): each step raises the likelihood
        expected_A = (games_AA / (strength_A[:, None] + strength_A)).sum(1) + 2 * prior / (strength_A + 1.0)
        new_A = np.divide(won_A, expected_A, out=np.ones_like(won_A), where=expected_A > 0)
        if not separated:
            new_A /= np.exp(np.log(new_A).mean())
        if np.abs(np.log(new_A) - np.log(strength_A)).max() < CLOSE:
            break
        strength_A = new_A
    elo = ELO * np.log(strength_A)
    return Strengths(elo - elo.mean(), separated)
