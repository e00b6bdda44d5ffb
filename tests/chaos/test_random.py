"""A few rounds of `make chaos`."""

from collections import Counter

import pytest

from tests.chaos.__main__ import round
from tests.chaos.world import Stage


@pytest.mark.parametrize("number", range(8))
def test_a_round(stage: Stage, number: int) -> None:
    assert round(stage, 0, number, Counter(), with_ray=False)
