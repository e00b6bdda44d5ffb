"""Signals, clocks, other owners, closed files: nothing is lost, and the exit code says what happened."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.chaos.world import LONG, ROOT, Command, World, as_planned, whole

SLOW = {"FAKE_PACE": "0.2"}


def until(what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LONG
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def running(world: World, patches: dict[str, Any] | None = None, **environment: str) -> Command:
    """A sweep that has a record on disk and several to go."""
    command = world.start(patches=patches, **(SLOW | environment))
    until(lambda: bool(world.committed))
    return command


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_one_signal_ends_it_in_order(world: World, number: int, code: int) -> None:
    hung = {"FAKE_FAULT": "silent:2"} if number == signal.SIGTERM else {}  # a trial that does not end is not waited for
    command = running(world, patches={"suite.running.GRACE": 3.0}, **hung)
    os.kill(command.pid, number)
    assert command.end(within=3.0 + 5.0) == code, command.said
    assert not world.left_over(within=5.0)
    assert "wonderland sweep small.json" in command.said
    assert 0 < len(world.lines) < len(world.truth)
    assert state(world) == "stopped"
    whole(world)


def state(world: World) -> str:
    found = world.store.status("small")
    assert found is not None
    return found.state


def test_two_signals_end_it_at_once(world: World) -> None:
    command = running(world, FAKE_FAULT="silent:2")
    os.kill(command.pid, signal.SIGTERM)
    time.sleep(0.1)
    begun = time.monotonic()
    os.kill(command.pid, signal.SIGTERM)
    assert command.end() == 143, command.said
    assert time.monotonic() - begun < 5
    assert "the same command resumes" in command.said
    assert "Traceback" not in command.said
    assert state(world) == "stopped"
    whole(world)


def test_a_storm_of_signals(world: World) -> None:
    command = running(world)
    for _ in range(50):
        os.kill(command.pid, signal.SIGINT)
        time.sleep(0.002)
    assert command.end() == 130, command.said
    assert "Traceback" not in command.said
    whole(world)


def test_ctrl_c_while_it_plans_ends_it_at_once(world: World) -> None:
    """There is nothing yet to wait for. The network whose time is guessed meanwhile takes seconds to import."""
    world.study["baseline"]["width"] = 5
    world.write_study()
    command = world.start()
    until((world.folder / "plan.json").exists)
    begun = time.monotonic()
    os.kill(command.pid, signal.SIGINT)
    assert command.end() == 130, command.said
    assert time.monotonic() - begun < 5
    assert not world.left_over()


def test_an_engine_that_dies_after_ctrl_c_is_not_replaced(world: World) -> None:
    command = running(world, FAKE_FAULT="die:2")
    os.kill(command.pid, signal.SIGINT)
    assert command.end() == 130, command.said
    whole(world)


def test_stopped_and_let_go_on_it_does_not_take_the_engine_for_dead(world: World) -> None:
    command = world.start(patches={"suite.running.SILENCE": 3.0, "suite.running.AWAKE": 0.2}, FAKE_PACE="0.5")
    until(lambda: bool(world.committed))
    os.kill(command.pid, signal.SIGSTOP)
    time.sleep(3.5)
    os.kill(command.pid, signal.SIGCONT)
    assert command.end() == 0, command.said
    assert max(world.begun.values()) == 1
    as_planned(world)


def test_a_killed_engine_is_replaced(world: World) -> None:
    command = running(world)
    (engine,) = [pid for pid, line in world.processes().items() if "fake_engine" in line]
    os.kill(engine, signal.SIGKILL)
    assert command.end() == 0, command.said
    as_planned(world)


def test_two_at_once(world: World) -> None:
    first = running(world)
    code, said = world.run()
    assert code == 5
    assert f"process {first.pid} on" in said
    assert first.end() == 0
    as_planned(world)


def test_many_at_once(world: World) -> None:
    commands = [world.start() for _ in range(6)]
    codes = [command.end() for command in commands]
    assert set(codes) <= {0, 5}
    assert 0 in codes
    whole(world)
    assert max(world.begun.values()) == 1


@pytest.mark.parametrize("seconds", [1e9, 3600.0])
def test_a_clock_that_jumps_decides_nothing(world: World, seconds: float) -> None:
    command = running(world, FAKE_CLOCK=str(seconds))
    os.kill(command.pid, signal.SIGKILL)
    command.end()
    code, said = world.run(FAKE_CLOCK=str(-seconds))
    assert code == 0, said
    as_planned(world)


def test_a_status_of_another_time_decides_nothing(world: World) -> None:
    command = running(world)
    os.kill(command.pid, signal.SIGKILL)
    command.end()
    path = world.folder / "status.json"
    for beat in (0.0, time.time() + 1e9):
        path.write_text(json.dumps(json.loads(path.read_text()) | {"beat": beat, "started": beat}))
        assert state(world) == "lost"
    whole(world)


@pytest.mark.parametrize("closed", ["<&- >&- 2>&-", ">/dev/full 2>/dev/full"])
def test_closed_files(world: World, closed: str) -> None:
    """Nothing of ours may take the place of a closed standard file, and nobody to talk to is no reason to stop."""
    code = "from tests.chaos.world import as_command; as_command()"
    done = subprocess.run(
        ["bash", "-c", f"exec {sys.executable} -c '{code}' sweep small.json --no-mirror {closed}"],
        cwd=world.root,
        env=os.environ | world.environment | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=LONG,
    )
    assert "Traceback" not in done.stderr
    assert len(world.lines) == len(world.truth), done.stderr
    whole(world)


def test_a_reader_that_goes_away_does_not_end_the_sweep(world: World) -> None:
    code = "from tests.chaos.world import as_command; as_command()"
    command = f"{sys.executable} -c '{code}' sweep small.json --no-mirror --progress json 2>&1 | head -1"
    environment = os.environ | world.environment | {"PYTHONPATH": str(ROOT)} | SLOW
    subprocess.run(["bash", "-c", command], cwd=world.root, env=environment, capture_output=True, timeout=LONG)
    until(lambda: not world.processes())
    assert len(world.lines) == len(world.truth)
    whole(world)
