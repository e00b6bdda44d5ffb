"""Interactions: how what one factor is worth depends on where another one stands."""

from collections.abc import Mapping
from itertools import combinations, product

import pandas as pd

from suite.analysis.contrast import contrasts, fitted, paired
from suite.analysis.cube import cube
from suite.analysis.estimates import rows, verdicts
from suite.analysis.layout import KNOWN_BY_ITSELF, Layout
from suite.analysis.table import Factors, known
from suite.trial import Level

PAIR = ("factor_a", "level_a", "reference_a", "factor_b", "level_b", "reference_b")
DIRECTIONS = ("synergy", "redundancy", "none seen")


def simple_effects(
    table: pd.DataFrame,
    factors: Factors,
    factor: str,
    by: str | tuple[str, ...],
    *,
    layout: Layout = KNOWN_BY_ITSELF,
    within: Mapping[str, Level] | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """The effects of one factor at each setting of the factors in `by`: the columns of `effects` after those of `by`.

    `within` keeps further factors at one level. `p_holm` counts all rows of the same task and architecture.
    """
    names, fixed = (by,) if isinstance(by, str) else tuple(by), dict(within or {})
    _distinct_factors((factor, *names, *fixed), factors)
    _known_levels(fixed, factors)
    blocks = cube(table, factors, layout)
    settings = [dict(zip(names, levels, strict=True)) for levels in product(*(factors[name] for name in names))]
    named = [
        (
            {**at, "factor": factor, "level": contrast.levels[0], "reference": factors[factor][0], "aliases": ""},
            contrast,
        )
        for at in settings
        for contrast in contrasts(blocks, (factor,), {**fixed, **at})
    ]
    found = rows(blocks, (*names, "factor", "level", "reference", "aliases"), named, confidence)
    found = found.astype({"factor": "str", "aliases": "str"})
    return found.assign(verdict=verdicts(found, layout.alpha(confidence), "better", "worse", "inconclusive"))


def interactions(
    table: pd.DataFrame,
    factors: Factors,
    *,
    layout: Layout = KNOWN_BY_ITSELF,
    within: Mapping[str, Level] | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """For every two factors and levels: both moved together, minus each moved alone, plus neither.

    Positive is "synergy": together they give more than the sum of both alone. Negative is "redundancy":
    less. `within` keeps further factors at one level, which then form no pair themselves. In a fraction of a
    design that keeps all pairs of factors apart (resolution V), interactions are fitted; in a smaller one, and on
    random settings, there are none.
    """
    fixed = dict(within or {})
    _known_levels(fixed, factors)
    blocks = cube(table, factors, layout)
    if blocks.judged:
        found_in = []
    elif fixed or paired(blocks):
        moving = combinations([name for name in factors if name not in fixed], 2)
        found_in = [(pair, contrast) for pair in moving for contrast in contrasts(blocks, pair, fixed)]
    else:
        found_in = [((a, b), contrast) for (a, b), contrast in fitted(blocks, 2)]
    named = [
        (dict(zip(PAIR, (a, level_a, factors[a][0], b, level_b, factors[b][0]), strict=True)), contrast)
        for (a, b), contrast in found_in
        for level_a, level_b in [contrast.levels]
    ]
    found = rows(blocks, PAIR, named, confidence).astype({"factor_a": "str", "factor_b": "str"})
    return found.assign(verdict=verdicts(found, layout.alpha(confidence), *DIRECTIONS))


def three_way(
    table: pd.DataFrame,
    factors: Factors,
    names: tuple[str, str, str],
    *,
    layout: Layout = KNOWN_BY_ITSELF,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """How the interaction of the first two factors changes as the third moves from its reference to each level.

    The levels moved to stand in a column per factor.
    """
    _distinct_factors(names, factors)
    blocks = cube(table, factors, layout)
    named = [(dict(zip(names, found.levels, strict=True)), found) for found in contrasts(blocks, names, {})]
    found = rows(blocks, names, named, confidence)
    return found.assign(verdict=verdicts(found, layout.alpha(confidence), *DIRECTIONS))


def _distinct_factors(names: tuple[str, ...], factors: Factors) -> None:
    known("factor", names, factors)
    if len(set(names)) < len(names):
        raise ValueError(f"each factor can be named once; got {', '.join(names)}")


def _known_levels(levels: Mapping[str, Level], factors: Factors) -> None:
    known("factor", levels, factors)
    for name, level in levels.items():
        known(f"level of {name}", [level], factors[name])
