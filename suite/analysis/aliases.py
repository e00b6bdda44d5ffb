"""Aliases: which effects a design cannot tell apart, computed from its points (Box and Hunter 1961).

A model of a mean and main effects is fitted; what an interaction of two factors adds to each of its numbers is that
number's alias. With all pairs clear of each other and of main effects, the pairs belong to the model too.

Axes: M points, E effects in the model, I interactions left out, F factors.
"""

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np

from suite.analysis.cube import Floats, Whole
from suite.trial import Level

SMALL = 1e-9
SHOWN = 0.05  # of an interaction; less is not worth a word
MOST_SAID = 4
Factors = Mapping[str, Sequence[Level]]
Term = tuple[tuple[str, Level], ...]  # the factors that move, and the levels they move to


def terms(factors: Factors, order: int) -> list[Term]:
    """All effects (order 1) or interactions (order 2) of levels other than the first."""
    moved = {name: [(name, level) for level in levels[1:]] for name, levels in factors.items()}
    found = list[Term]()
    for names in combinations(factors, order):
        crossed: list[Term] = [()]
        for name in names:
            crossed = [(*term, move) for term in crossed for move in moved[name]]
        found += crossed
    return found


def columns(codes_MF: Whole, factors: Factors, wanted: Sequence[Term]) -> Floats:
    """Each term as a column of numbers over the points; (M, terms).

    A factor of two levels is -1/2 and +1/2, so that its effect is the difference of the means; of more, 0 and 1
    centred. Interactions are products.
    """
    names = list(factors)
    single: dict[tuple[str, Level], Floats] = {}
    for place, (name, levels) in enumerate(factors.items()):
        for number, level in enumerate(levels):
            single[name, level] = (codes_MF[:, place] == number) - 1 / len(levels)
    assert names
    return np.column_stack([np.prod([single[move] for move in term], axis=0) for term in wanted])


def weights(codes_MF: Whole, factors: Factors) -> dict[Term, Floats]:
    """For each effect that can be estimated, what to multiply the score of each point by; (M,) each.

    Least squares for a mean, main effects and, if the points allow all of them, interactions of two. An effect that
    the points do not show at all is left out.
    """
    for order in (2, 1):
        model = [term for size in range(1, order + 1) for term in terms(factors, size)]
        if not model:
            continue
        matrix_ME = np.column_stack([np.ones(len(codes_MF)), columns(codes_MF, factors, model)])
        if np.linalg.matrix_rank(matrix_ME) == matrix_ME.shape[1]:
            return dict(zip(model, np.linalg.pinv(matrix_ME)[1:], strict=True))
    return {}


def aliases(codes_MF: Whole, factors: Factors) -> dict[Term, tuple[tuple[Term, float], ...]]:
    """For each estimated effect, the interactions of two that are mixed into it, and how much of each."""
    estimated = weights(codes_MF, factors)
    left_out = [term for term in terms(factors, 2) if term not in estimated]
    if not left_out:
        return dict.fromkeys(estimated, ())
    matrix_MI = columns(codes_MF, factors, left_out)
    return {
        term: tuple(
            (other, round(float(share), 6))
            for other, share in zip(left_out, row_M @ matrix_MI, strict=True)
            if abs(share) > SMALL
        )
        for term, row_M in estimated.items()
    }


def resolution(codes_MF: Whole) -> int | None:
    """The length of the shortest word of a two-level design: the fewest factors whose product never changes.

    None if there is no word, as in a full factorial. In a design of resolution V, effects of one and of two factors are
    clear of each other.
    """
    signs_MF = 2 * codes_MF - 1
    for length in range(1, codes_MF.shape[1] + 1):
        for places in combinations(range(codes_MF.shape[1]), length):
            product_M = signs_MF[:, places].prod(axis=1)
            if abs(product_M.sum()) == len(product_M):
                return length
    return None


def said(mixed: Sequence[tuple[Term, float]]) -> str:
    """What is mixed into an effect, the largest share first: "0.5 of norm rms x depth 8"; "" for nothing."""
    by_share = sorted((found for found in mixed if abs(found[1]) >= SHOWN), key=lambda found: -abs(found[1]))
    names = (" x ".join(f"{name} {level}" for name, level in term) for term, _ in by_share)
    parts = [f"{share:.2g} of {name}" for name, (_, share) in zip(names, by_share, strict=True)]
    more = len(parts) - MOST_SAID
    return ", ".join(parts[:MOST_SAID]) + (f" and {more} more" if more > 0 else "")
