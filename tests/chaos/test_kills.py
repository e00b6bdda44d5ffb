"""Killed at every system call that a sweep makes in its store, it resumes; what was committed never runs again."""

from pathlib import Path

import pytest

from tests.chaos.calls import each, reached
from tests.chaos.world import Stage, World, whole


@pytest.mark.parametrize(("how", "step"), [("half", 1), ("power", 2), ("EIO", 3)])  # `kill` is `half` one call before
def test_harm_at_any_call_loses_nothing_and_costs_no_more_than_was_under_way(
    stage: Stage, tmp_path: Path, how: str, step: int
) -> None:
    assert each(stage, tmp_path, how, step) > 20  # or the tripwire is not where the calls are


def test_killed_again_and_again_it_ends_all_the_same(world: World) -> None:
    """Each time some calls later, so that it never gets far."""
    for at in range(12, 40, 4):
        reached(world, "half", at)
    whole(world)
