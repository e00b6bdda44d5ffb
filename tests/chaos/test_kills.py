"""Killed at every system call that a sweep makes in its store, it resumes; what was committed never runs again."""

import os
import signal
import time
from pathlib import Path

import pytest

from tests.chaos.calls import each, reached
from tests.chaos.world import LONG, STUDY, Stage, World, whole


@pytest.mark.parametrize(("how", "step"), [("half", 1), ("power", 2), ("EIO", 3)])  # `kill` is `half` one call before
def test_harm_at_any_call_loses_nothing_and_costs_no_more_than_was_under_way(
    stage: Stage, tmp_path: Path, how: str, step: int
) -> None:
    assert each(stage, tmp_path, how, step) > 20  # or the tripwire is not where the calls are


@pytest.mark.parametrize("moment", [1, 70])
def test_what_runs_again_is_what_was_running_and_one_batch(stage: Stage, tmp_path: Path, moment: int) -> None:
    """However far the engine could be ahead of a disk that is slow."""
    world = World(stage, tmp_path / "w", STUDY | {"seeds": 75})
    command, until = world.start(FAKE_FSYNC="0.1"), time.monotonic() + LONG
    while len(world.committed) < moment:
        assert time.monotonic() < until, command.said
        time.sleep(0.01)
    os.kill(command.pid, signal.SIGKILL)
    command.end()
    assert not world.left_over()
    committed = len(world.committed)
    assert moment <= committed < len(world.truth), "it was killed on its way"
    assert world.begun.total() - committed <= 2 + 64
    whole(world)
    assert sum(times - 1 for times in world.begun.values()) <= 2 + 64


def test_killed_again_and_again_it_ends_all_the_same(world: World) -> None:
    """Each time some calls later, so that it never gets far."""
    for at in range(12, 40, 4):
        reached(world, "half", at)
    whole(world)
