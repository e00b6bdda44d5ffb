"""Every system call that a sweep makes in its store, one after the other, with a tripwire at it."""

from collections.abc import Iterator
from pathlib import Path

from tests.chaos.world import Stage, World, as_planned, whole

PIECEMEAL = {"suite.backend.MOST_LINES": 3, "suite.running.BEAT": 60.0}  # few records at a time, a status at each end
MOST_CALLS = 200
KILLS = ("kill", "half", "power")


def each(stage: Stage, folder: Path, how: str, step: int = 1) -> int:
    """At every call, or every so many: do harm, check, resume, check. How many calls there were."""
    for at in range(1, MOST_CALLS, step):
        world = World(stage, folder / f"{how}-{at}")
        if not reached(world, how, at):
            as_planned(world)
            return at
        committed = world.committed
        whole(world)
        assert {id for id, times in world.begun.items() if times > 1}.isdisjoint(committed)
        assert max(world.begun.values()) <= 2
    raise AssertionError(f"more than {MOST_CALLS} calls")


def reached(world: World, how: str, at: int) -> bool:
    """Sweep with a tripwire; whether it was reached. What was committed then is still there."""
    command = world.start(patches=PIECEMEAL, trip={"how": how, "at": at, "seed": at})
    code = command.end()
    assert code in ((0, -9) if how in KILLS else (0, 4)), command.said
    assert world.committed <= set(world.lines)
    if code == 4:
        last = command.said.splitlines()[-1]
        assert str(world.store.root) in last
        assert "MiB free" in last
        assert "Traceback" not in command.said
    return code != 0


def every_way(stage: Stage, folder: Path) -> Iterator[str]:
    """All of them in every way, which takes minutes; says what it has done."""
    for how in (*KILLS, "EIO", "ENOSPC"):
        yield f"{how} at each of {each(stage, folder, how)} calls"
