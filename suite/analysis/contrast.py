"""Contrasts: differences between arms that differ in little, taken inside a block.

One factor moved from its reference to a level is an effect; two moved together against the two moved
alone are an interaction; three are the difference between two interactions.

Axes: M arms, F factors, K places (settings of all else) where the contrast is taken, H arms on one side of it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import product
from math import prod

import numpy as np

from suite.analysis.aliases import weights
from suite.analysis.cube import Cube, Floats, Whole, distinct
from suite.trial import Level

ALL = "all"
NORMALISED = "normalised score"
TINY = 1e-12


@dataclass(frozen=True)
class Contrast:
    """At each of K places, the scores of the arms in `plus_HK` minus the scores of the arms in `minus_HK`.

    Each score is first multiplied by the arm's `weight_M`, if there are weights.
    """

    levels: tuple[Level, ...]  # where the moving factors go
    plus_HK: Whole
    minus_HK: Whole
    weight_M: Floats | None = None


def paired(cube: Cube) -> bool:
    """Whether effects are differences of pairs of arms that differ in nothing else; otherwise they are fitted.

    Not so where some level has no pair, nor in a fraction of all combinations, where pairs are accidents. Without a
    word on what the arms are, pairs have to take in all arms for every factor, or all be pairs with one arm.
    """
    if len(cube.arms_MF) == prod(map(len, cube.factors.values())):
        return True
    wanted = sum(len(levels) - 1 for levels in cube.factors.values())
    there = sum(1 for name in cube.factors for _ in contrasts(cube, (name,), {})) == wanted
    if cube.layout.fraction is None and there:
        return _made_of_pairs(cube) or not weights(cube.arms_MF, cube.factors)
    return there and not cube.layout.fraction


def _made_of_pairs(cube: Cube) -> bool:
    apart_MM = (cube.arms_MF[:, None, :] != cube.arms_MF[None, :, :]).sum(axis=2)
    is_star = bool((apart_MM <= 1).all(axis=1).any())
    each = (places(cube, (name,), {}) for name in cube.factors)
    return is_star or all(((arms >= 0).sum(axis=1) > 1).all() for arms in each)


def fitted(cube: Cube, order: int) -> Iterator[tuple[tuple[str, ...], Contrast]]:
    """The effects (order 1) or interactions (order 2) of a fraction of a design, by least squares over all its arms.

    With the names of the factors that move. None where the arms do not tell the effects apart.
    """
    for term, weight_M in weights(cube.arms_MF, cube.factors).items():
        if len(term) == order:
            levels = tuple(level for _, level in term)
            plus, minus = (np.flatnonzero(sign * weight_M > TINY)[:, None] for sign in (1, -1))
            yield tuple(name for name, _ in term), Contrast(levels, plus, minus, np.abs(weight_M))


def contrasts(cube: Cube, moving: Sequence[str], within: Mapping[str, Level]) -> Iterator[Contrast]:
    """One for every combination of non-reference levels of the moving factors that the arms allow."""
    arms = places(cube, moving, within)
    sign_H = reduce(np.kron, [np.array([-1, 1])] * len(moving))
    for codes in product(*(range(1, levels) for levels in arms.shape[1:])):
        corners_KH = arms[np.ix_(range(len(arms)), *((0, code) for code in codes))].reshape(len(arms), len(sign_H))
        corners_HK = corners_KH[(corners_KH >= 0).all(axis=1)].T
        if corners_HK.size:
            levels = tuple(cube.factors[name][code] for name, code in zip(moving, codes, strict=True))
            yield Contrast(levels, corners_HK[sign_H > 0], corners_HK[sign_H < 0])


def places(cube: Cube, moving: Sequence[str], within: Mapping[str, Level]) -> Whole:
    """Which arm stands where, (places, levels of each moving factor); -1 for none."""
    names = list(cube.factors)
    axes = [names.index(name) for name in moving]
    arms = cube.arms_at(within)
    codes_MF = cube.arms_MF[arms]
    settings, place_M = distinct(np.delete(codes_MF, axes, axis=1))
    found = np.full((len(settings), *(len(cube.factors[name]) for name in moving)), -1, dtype=np.int64)
    found[(place_M, *codes_MF[:, axes].T)] = arms
    return found
