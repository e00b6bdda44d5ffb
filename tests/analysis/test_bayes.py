"""The Bayesian signed-rank test against baycomp, and where the answer is plain."""

import numpy as np
import pytest

from suite.analysis.bayes import Probabilities, signed_rank, weights
from tests.analysis.demsar import AUC

# SignedRankTest.probs(AUC[:, a], AUC[:, b], rope, nsamples=200_000, random_state=1) of baycomp 1.0.3
BAYCOMP = {
    (0, 1, 0.0): (0.000935, 0.0, 0.999065),
    (0, 1, 0.01): (0.0, 0.32865, 0.67135),
    (0, 2, 0.01): (0.11724, 0.694885, 0.187875),
    (0, 3, 0.01): (0.00037, 0.032345, 0.967285),
    (1, 2, 0.005): (0.792385, 0.196035, 0.01158),
    (1, 3, 0.01): (0.0026, 0.72792, 0.26948),
}


@pytest.mark.parametrize(("a", "b", "rope"), BAYCOMP)
def test_the_probabilities_are_baycomps(a: int, b: int, rope: float) -> None:
    drawn = weights(len(AUC), np.random.default_rng(0), 50_000)
    assert signed_rank(AUC[:, a], AUC[:, b], drawn, rope=rope) == pytest.approx(BAYCOMP[a, b, rope], abs=0.007)


def test_exchanging_the_two_exchanges_the_sides() -> None:
    drawn = weights(len(AUC), np.random.default_rng(0))
    one, other = (signed_rank(AUC[:, a], AUC[:, 3 - a], drawn, rope=0.01) for a in (1, 2))
    assert one == pytest.approx((other.right, other.rope, other.left))


def test_where_the_answer_is_plain() -> None:
    drawn = weights(20, np.random.default_rng(0))
    base = np.linspace(0.3, 0.9, 20)
    assert signed_rank(base + 0.1, base, drawn, rope=0.01).left > 0.999
    assert signed_rank(base + 0.001, base, drawn, rope=0.01) == Probabilities(0.0, 1.0, 0.0)


def test_the_same_seed_gives_the_same_probabilities() -> None:
    first, second = (weights(5, np.random.default_rng(3), 100) for _ in range(2))
    assert (first == second).all()
