"""Controlled random search (You, Ying and Leskovec 2020, Design Space for Graph Neural Networks)."""

import random
from collections.abc import Iterator
from math import prod

from suite.designs.crossed import numbered
from suite.designs.point import Factors, Point
from suite.trial import canonical

SETTINGS = 96  # random settings, as published


def random_controlled(factors: Factors) -> Iterator[Point]:
    """All levels of the first factor on the same random settings of the others, for spaces too large to cross.

    The settings are drawn from the factors alone, so that the same study runs the same points.
    """
    if not factors:
        yield {}
        return
    judged, *others = factors.items()
    rest = dict(others)
    size = prod(len(levels) for levels in rest.values())
    draw = random.Random(canonical({name: list(levels) for name, levels in factors.items()}))
    for number in sorted(draw.sample(range(size), min(SETTINGS, size))):
        setting = numbered(rest, number)
        yield from ({judged[0]: level, **setting} for level in judged[1])
