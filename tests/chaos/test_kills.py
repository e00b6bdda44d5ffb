"""Killed at every system call that a sweep makes in its store, it resumes; what was committed never runs again."""

from pathlib import Path

import pytest

from tests.chaos.world import Stage, World, as_planned, whole

PIECEMEAL = {"suite.backend.MOST_LINES": 3, "suite.sweep.BEAT": 60.0}  # few records at a time, a status at each end
MOST_CALLS = 200


def killed(world: World, how: str, at: int) -> bool:
    """Sweep with a tripwire; whether it was reached. What was committed then is still there."""
    command = world.start(patches=PIECEMEAL, trip={"how": how, "at": at, "seed": at})
    code = command.end()
    assert code in (0, -9), command.said
    assert world.committed <= set(world.lines)
    return code == -9


@pytest.mark.parametrize("how", ["half", "power"])  # `kill` is the `half` of the call before
def test_a_kill_at_any_call_loses_nothing_and_costs_no_more_than_was_under_way(
    stage: Stage, tmp_path: Path, how: str
) -> None:
    for at in range(1, MOST_CALLS):
        world = World(stage, tmp_path / str(at))
        if not killed(world, how, at):
            as_planned(world)
            break
        committed = world.committed
        whole(world)
        begun = world.begun
        assert {id for id, times in begun.items() if times > 1}.isdisjoint(committed)
        assert max(begun.values()) <= 2
    assert at > 20  # or the tripwire is not where the calls are


def test_killed_again_and_again_it_ends_all_the_same(world: World) -> None:
    """Each time one call later, so that it never gets far."""
    for at in range(12, 40, 2):
        killed(world, "half", at)
    whole(world)


def test_a_call_that_fails_is_exit_4_and_the_same_command_resumes(stage: Stage, tmp_path: Path) -> None:
    for at in range(1, MOST_CALLS, 2):
        world = World(stage, tmp_path / str(at))
        code, said = world.run(patches=PIECEMEAL, trip={"how": "EIO", "at": at})
        if code == 0:
            as_planned(world)
            break
        assert code == 4, f"call {at}: {said}"
        assert str(world.store.root) in said.splitlines()[-1]
        assert "MiB free" in said
        assert "Traceback" not in said
        assert world.committed <= set(world.lines)
        whole(world)
    assert at > 20
