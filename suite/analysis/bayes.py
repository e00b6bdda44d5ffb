"""The Bayesian signed-rank test: how probable it is that one is better, practically equal, or worse on another task.

Benavoli et al. (2014), A Bayesian Wilcoxon signed-rank test based on the Dirichlet process; the formulas are those of
baycomp, by the same authors (Benavoli, Corani, Demsar and Zaffalon 2017, JMLR 18:77).

Axes: T tasks, N samples of the posterior.
"""

from typing import NamedTuple

import numpy as np

from suite.analysis.cube import Floats

SAMPLES = 10_000  # a probability is then known to 0.01
PRIOR = 0.5  # the weight of one more task without any difference


class Probabilities(NamedTuple):
    """That the first is better by more than the rope, neither, or the second; they sum to 1."""

    left: float
    rope: float
    right: float


def weights(tasks: int, rng: np.random.Generator, samples: int = SAMPLES) -> Floats:
    """Samples of the posterior: how much each task weighs, the prior's place first; (N, 1 + T)."""
    return rng.dirichlet([PRIOR, *[1.0] * tasks], samples)


def signed_rank(first_T: Floats, second_T: Floats, weight_N: Floats, *, rope: float = 0.0) -> Probabilities:
    """Of two competitors' scores on the same tasks. Differences inside the rope, either way, do not matter."""
    difference = np.append(0.0, second_T - first_T)
    sums = difference[:, None] + difference
    right_N = np.einsum("ni,ni->n", weight_N @ _beyond(sums, 2 * rope), weight_N)
    left_N = np.einsum("ni,ni->n", weight_N @ _beyond(-sums, 2 * rope), weight_N) if rope else 1 - right_N
    winners = np.argmax(np.column_stack([left_N, 1 - left_N - right_N, right_N]), axis=1)
    shares = np.bincount(winners, minlength=3) / len(winners)
    return Probabilities(*(float(share) for share in shares))


def _beyond(sums: Floats, edge: float) -> Floats:
    return (sums > edge) + 0.5 * (sums == edge)
