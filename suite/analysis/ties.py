"""Ties as letters: two that share a letter cannot be told apart (the compact letter display of Piepho, 2004)."""

from itertools import combinations
from string import ascii_letters

import numpy as np
from numpy.typing import NDArray


def letters(apart: NDArray[np.bool_]) -> list[str]:
    """The letters of each of n, in their order, from the n x n table of who is told apart from whom."""
    groups = [frozenset(range(len(apart)))] if len(apart) else []
    for one, other in combinations(range(len(apart)), 2):
        if apart[one, other]:
            groups = _maximal([part for group in groups for part in _split(group, one, other)])
    groups.sort(key=sorted)
    return ["".join(letter(place) for place, group in enumerate(groups) if i in group) for i in range(len(apart))]


def _split(group: frozenset[int], one: int, other: int) -> list[frozenset[int]]:
    return [group - {one}, group - {other}] if {one, other} <= group else [group]


def _maximal(groups: list[frozenset[int]]) -> list[frozenset[int]]:
    """The groups that no other contains, each once."""
    distinct = set(groups)
    return [group for group in distinct if not any(group < other for other in distinct)]


def letter(place: int) -> str:
    """a to z, A to Z, and then whatever Unicode has: always one character."""
    return ascii_letters[place] if place < len(ascii_letters) else chr(0x100 + place)
