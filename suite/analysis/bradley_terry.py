"""Bradley-Terry strengths from who beat whom, with a guard for those who always win (Bradley and Terry 1952).

Axes: A competitors.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse, special

from suite.analysis.cube import Floats

PRIOR = 0.5  # of a win and a loss against an average competitor, where wins alone would have no finite answer
ROUNDS = 200
CLOSE = 1e-10
LONGEST = 2.0  # of a step, so that none leaps over the peak
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
    theta_A = np.zeros(len(wins_AA))
    for _ in range(ROUNDS):
        step_A = _newton(theta_A, games_AA, won_A, prior)
        theta_A = theta_A + np.clip(step_A, -LONGEST, LONGEST)
        if np.abs(step_A).max(initial=0.0) < CLOSE:
            break
    elo = ELO * theta_A
    return Strengths(elo - elo.mean() if len(elo) else elo, separated)


def _newton(theta_A: Floats, games_AA: Floats, won_A: Floats, prior: float) -> Floats:
    """A step of Newton's method on the likelihood, which has one peak; without a prior, with the mean held at 0."""
    chance_AA = special.expit(theta_A[:, None] - theta_A)
    anchor_A = special.expit(theta_A)
    slope_A = won_A - (games_AA * chance_AA).sum(1) - 2 * prior * anchor_A
    spread_AA = games_AA * chance_AA * (1 - chance_AA)
    bend_AA = np.diag(spread_AA.sum(1) + 2 * prior * anchor_A * (1 - anchor_A)) - spread_AA
    if not prior:
        bend_AA = bend_AA + 1.0
    step: Floats = np.linalg.lstsq(bend_AA, slope_A, rcond=None)[0]
    return step
