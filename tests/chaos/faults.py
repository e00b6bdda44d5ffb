"""Faults that a seeded chance chooses: each is a function that does harm to a world, before or while it sweeps."""

import os
import random
import signal
import time
from collections.abc import Callable
from typing import Any

from suite import ledger
from tests.chaos.world import QUICK, World
from tests.fake_engine import NONSENSE

Fault = Callable[[World, random.Random], None]
CALLS = 60  # system calls in the store that a sweep here makes at the most
HASTY = {"suite.running.SILENCE": 2.0, "suite.running.START_DEADLINE": 30.0, "suite.running.GRACE": 1.0}
LOSSES = ("die", "tear", "silent", "done", "long", "bytes", "twice", "foreign", "nan", *NONSENSE)


def killed(world: World, chance: random.Random) -> None:
    """The supervisor, at a system call; or the power is cut."""
    trip = {"how": chance.choice(["kill", "half", "power"]), "at": chance.randint(1, CALLS), "seed": chance.random()}
    ends(world, {0, -9}, patches=some(chance), trip=trip)


def failed(world: World, chance: random.Random) -> None:
    """A system call."""
    trip = {"how": chance.choice(["EIO", "ENOSPC", "EDQUOT", "EROFS", "EMFILE"]), "at": chance.randint(1, CALLS)}
    ends(world, {0, 4}, patches=some(chance), trip=trip)


def misled(world: World, chance: random.Random) -> None:
    """By an engine that misbehaves, once or always."""
    once = chance.random() < 0.5
    number = chance.randrange(0 if once else 1, 8)  # always at the first, it would be that trial's fault
    fault = {"FAKE_FAULT": f"{chance.choice(LOSSES)}:{number}"}
    if once:
        fault["FAKE_ONCE"] = str(world.root / f"once-{world.commands}")
    ends(world, {0, 7}, patches=some(chance) | HASTY, **fault)


def signalled(world: World, chance: random.Random) -> None:
    """The supervisor, once or more often, at any moment."""
    command = world.start(patches=some(chance) | HASTY, FAKE_PACE=str(chance.choice([0.0, 0.02, 0.1])))
    for _ in range(chance.choice([1, 1, 2, 5])):
        time.sleep(chance.uniform(0.0, 0.4))
        try:
            os.kill(command.pid, chance.choice([signal.SIGINT, signal.SIGTERM, signal.SIGKILL]))
        except ProcessLookupError:
            break
    assert command.end(within=20.0) in {0, 130, 143, -2, -9, -15}, command.said
    assert "Traceback" not in command.said, command.said


def paused(world: World, chance: random.Random) -> None:
    """The supervisor or its engine, which then goes on."""
    command = world.start(patches=some(chance) | HASTY, FAKE_PACE="0.05")
    time.sleep(chance.uniform(0.0, 0.4))
    victim = chance.choice([command.pid, *world.processes()])
    try:
        os.kill(victim, signal.SIGSTOP)
        time.sleep(chance.uniform(0.0, 1.5))
        os.kill(victim, signal.SIGCONT)
    except ProcessLookupError:
        pass  # it was quicker than we
    assert command.end(within=30.0) == 0, command.said


def bereft(world: World, chance: random.Random) -> None:
    """Of its engine, by a signal that cannot be caught."""
    command = world.start(patches=some(chance) | HASTY, FAKE_PACE="0.05")
    time.sleep(chance.uniform(0.0, 0.4))
    for process in world.processes():
        os.kill(process, signal.SIGKILL)
    assert command.end(within=30.0) == 0, command.said


def crowded(world: World, chance: random.Random) -> None:
    """By others who sweep the same study."""
    commands = [world.start(patches=some(chance)) for _ in range(chance.randint(2, 4))]
    assert {command.end() for command in commands} <= {0, 5}


def cramped(world: World, chance: random.Random) -> None:
    """By a limit on how long files may be."""
    ends(world, {0, 4}, patches=some(chance), FAKE_LARGEST=str(chance.randint(1000, 20_000)))


def misdated(world: World, chance: random.Random) -> None:
    """By a clock that jumps."""
    ends(world, {0}, patches=some(chance), FAKE_CLOCK=str(chance.choice([1e3, 1e7, 1e9])))


def flipped(world: World, chance: random.Random) -> None:
    """Bits of a segment."""
    for segment in world.segments[:1]:
        content = bytearray(segment.read_bytes())
        for place in chance.sample(range(len(content)), min(len(content), chance.choice([1, 3, 50]))):
            content[place] ^= 1 << chance.randrange(8)
        segment.write_bytes(content)


def cut(world: World, chance: random.Random) -> None:
    """A segment, anywhere."""
    for segment in world.segments[-1:]:
        content = segment.read_bytes()
        segment.write_bytes(content[: chance.randint(0, len(content))])


def shuffled(world: World, chance: random.Random) -> None:
    """The lines of a segment, half of which are there twice."""
    for segment in world.segments[:1]:
        lines = [line for line in segment.read_bytes().splitlines(keepends=True) if line.endswith(b"\n")]
        lines += lines[: len(lines) // 2]
        chance.shuffle(lines)
        segment.write_bytes(b"".join(lines))


def removed(world: World, chance: random.Random) -> None:
    """A file of the study, or all that is in quarantine."""
    files = [path for path in world.folder.rglob("*") if path.is_file()]
    if files:
        chance.choice(files).unlink()


def spoilt(world: World, chance: random.Random) -> None:
    """A file that is no segment."""
    for path in world.folder.glob(chance.choice(["*.json", "lock", "engine.log", "quarantine/*"])):
        path.write_bytes(chance.randbytes(chance.randint(0, 100)))


def visited(world: World, chance: random.Random) -> None:
    """By records of another study."""
    theirs = ledger.segments(world.store.folder("past"))[0].read_bytes()
    world.folder.mkdir(exist_ok=True)
    (world.folder / f"ledger-{chance.randint(50, 60):06d}.jsonl").write_bytes(theirs)


SWEEPING: tuple[Fault, ...] = (killed, failed, misled, signalled, paused, bereft, crowded, cramped, misdated)
LYING: tuple[Fault, ...] = (flipped, cut, shuffled, removed, spoilt, visited)


def disturb(world: World, chance: random.Random) -> str:
    """Do some harm and see that what was on disk before a sweep is there after it; the name of the fault."""
    fault = chance.choice(SWEEPING * 2 + LYING)
    before = set(world.lines)
    (world.root / "committed").unlink(missing_ok=True)
    fault(world, chance)
    if fault in SWEEPING:
        assert before | world.committed <= set(world.lines), "a record is gone"
    left = world.left_over()
    assert not left, left
    return fault.__name__


def some(chance: random.Random) -> dict[str, Any]:
    """How many records are written at once, and how often a status."""
    return QUICK | {
        "suite.backend.MOST_LINES": chance.choice([1, 2, 64]),
        "suite.running.BEAT": chance.choice([0.02, 60.0]),
    }


def ends(world: World, codes: set[int], **how: Any) -> None:
    code, said = world.run(**how)
    assert code in codes, f"exit {code}: {said}"
    assert "Traceback" not in said, said
