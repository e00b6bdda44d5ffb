"""An engine that misbehaves costs a restart, or the sweep, but never the ledger."""

import json
import signal
import time
from pathlib import Path

import pytest

from suite import ledger, sweep
from suite.backend import Engine
from tests.chaos.world import World, as_planned, whole

HASTY = {"suite.running.SILENCE": 2.0, "suite.running.START_DEADLINE": 30.0, "suite.running.IDLE": 1.0}
LOSSES = ("die", "tear", "silent", "done", "long", "bytes", "nan", "babble", "empty", "half", "no_number", "nothing")
HARMLESS = ("twice", "foreign", "stranger", "ghost", "late_ghost")


@pytest.mark.parametrize("fault", LOSSES)
def test_lost_once_it_is_replaced(world: World, fault: str) -> None:
    code, said = world.run(patches=HASTY, FAKE_FAULT=f"{fault}:3", FAKE_ONCE=str(world.root / "once"))
    assert code == 0, said
    assert (world.root / "once").exists()
    as_planned(world)


@pytest.mark.parametrize("fault", ["die", "babble"])
def test_lost_twice_it_ends_the_sweep_and_keeps_what_there_is(world: World, fault: str) -> None:
    begun = time.monotonic()
    code, said = world.run(patches=HASTY, FAKE_FAULT=f"{fault}:2")
    assert code == 7, said
    assert "Ray was lost 2 times" in said
    assert time.monotonic() - begun < 30
    assert len(world.lines) == 4
    status = world.store.status("small")
    assert status is not None
    assert status.state == "stopped"
    assert not list((world.root / "tmp").iterdir())
    whole(world)


def test_a_trial_that_takes_the_engine_down_is_found_and_the_others_go_on(world: World) -> None:
    deadly = sorted(world.truth)[2:5]
    code, said = world.run(FAKE_DEADLY=" ".join(deadly))
    assert code == 3, said
    records = {record.id: record for record in world.store.records("small")}
    assert records.keys() == world.truth.keys()
    assert sorted(id for id, record in records.items() if record.outcome == "crashed") == deadly
    assert "at last with no other trial beside it" in (records[deadly[0]].result.message or "")
    assert "3 crashed" in said
    assert max(world.begun.values()) == 2
    assert world.run("sweep", "small.json", "--no-mirror", "--retry")[0] == 0
    whole(world, copies=3)


def test_an_engine_that_dies_whatever_it_runs_ends_the_sweep(world: World) -> None:
    code, said = world.run(patches={"suite.running.HOPELESS": 4}, FAKE_DEADLY=" ".join(world.truth))
    assert code == 7, said
    assert "Ray was lost" in said
    assert not world.lines, "nobody is charged where no engine works"


def test_one_that_dies_from_some_moment_on_charges_nobody(world: World) -> None:
    """As on a machine that is full: what is left is lost alone, each twice, and then what was answered is lost too."""
    assert world.run(FAKE_FAULT="die:2")[0] == 7
    there = len(world.lines)
    code, said = world.run(patches={"suite.running.HOPELESS": 1000}, FAKE_FAULT="die:0")
    assert code == 7, said
    assert len(world.lines) == there
    assert {record.outcome for record in world.store.records("small")} == {"finished"}
    assert world.run()[0] == 0
    as_planned(world)


def test_the_last_trials_are_charged_once_an_answered_one_is_answered_again(world: World) -> None:
    deadly = sorted(world.truth)[1:]
    code, said = world.run(patches={"suite.running.HOPELESS": 1000}, FAKE_DEADLY=" ".join(deadly))
    assert code == 3, said
    crashed = {record.id for record in world.store.records("small") if record.outcome == "crashed"}
    assert crashed == set(deadly)


def test_one_that_never_comes_up(world: World) -> None:
    code, said = world.run(patches={"suite.running.START_DEADLINE": 0.5}, FAKE_FAULT="deaf")
    assert code == 7, said
    assert not world.left_over()
    whole(world)


def test_one_that_looks_at_slow_nodes_is_waited_for(world: World) -> None:
    words = ("sweep", "small.json", "--no-mirror", "--deadline", "1")
    code, said = world.run(*words, patches=HASTY | {"suite.running.STARTS": 1}, FAKE_FAULT="looking:5")
    assert code == 0, said
    as_planned(world)


def test_how_many_slots_slow_nodes_have_is_waited_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sweep, "START_DEADLINE", 0.2)
    looks = iter([["looking"]] * 20 + [["looking", "ready 3"]])

    class Slow(Engine):
        is_lost = False

        def __init__(self) -> None:
            pass

        def lines(self, wait: float) -> list[str]:
            time.sleep(wait)
            return next(looks)

    assert sweep._slots(Slow(), tmp_path / "engine.log") == 3


def test_one_that_is_alive_and_does_nothing(world: World) -> None:
    words = ("sweep", "small.json", "--no-mirror", "--deadline", "1")
    code, said = world.run(*words, patches=HASTY, FAKE_FAULT="alive:3", FAKE_ONCE=str(world.root / "once"))
    assert code == 0, said
    as_planned(world)


@pytest.mark.parametrize("fault", HARMLESS)
def test_what_it_says_too_much_changes_nothing(world: World, fault: str) -> None:
    replaces = fault in ("stranger", "ghost", "late_ghost")  # the answer, so that a trial is open at the end
    code, said = world.run(FAKE_FAULT=f"{fault}:3", **({"FAKE_ONCE": str(world.root / "once")} if replaces else {}))
    assert code == 0, said
    as_planned(world)


@pytest.mark.parametrize("outcome", ["crashed", "timed_out"])
def test_a_trial_without_an_answer_is_a_record(world: World, outcome: str) -> None:
    code, said = world.run(FAKE_FAULT=f"{outcome}:3")
    assert code == 3, said
    outcomes = [record.outcome for record in world.store.records("small")]
    assert sorted(outcomes) == sorted([outcome, *["finished"] * 7])
    assert world.run()[0] == 3


@pytest.mark.parametrize("outcome", ["crashed", "timed_out", "out_of_memory"])
def test_what_was_lost_is_tried_again_when_told_to(world: World, outcome: str) -> None:
    assert world.run(FAKE_FAULT=f"{outcome}:3")[0] == 3
    lost = next(record.id for record in world.store.records("small") if record.outcome == outcome)
    told = world.start("explain", lost)
    assert told.end() == 0
    assert "--retry" in told.printed
    assert world.run("sweep", "small.json", "--no-mirror", "--retry")[0] == 0
    whole(world, copies=1)
    assert world.begun[lost] == 2
    assert len(ledger.read(world.folder).records) == 9


def test_what_timed_out_is_tried_again_by_itself_when_it_has_more_time(world: World) -> None:
    def sweep(seconds: str, **fault: str) -> int:
        return world.run("sweep", "small.json", "--no-mirror", "--deadline", seconds, **fault)[0]

    def planned(*words: str) -> tuple[int, int]:
        """Cached and stale trials, as `plan` and `sweep --dry-run` have it."""
        found = []
        for verb in (("plan", "small.json"), ("sweep", "small.json", "--dry-run")):
            command = world.start(*verb, "--json", *words)
            assert command.end() == 0, command.said
            counts = json.loads(command.printed)
            found.append((counts["cached"], counts["stale"]))
        assert found[0] == found[1]
        return found[0]

    assert sweep("20", FAKE_FAULT="timed_out:3") == 3
    assert [planned("--deadline", "20"), planned("--deadline", "30"), planned()] == [(8, 0), (7, 1), (7, 1)]
    assert planned("--deadline", "20", "--retry") == (7, 1)
    (lost,) = (record for record in world.store.records("small") if record.outcome == "timed_out")
    assert lost.cost.seconds == 20.0
    assert [sweep("20"), sweep("10")] == [3, 3], "no more time, no other answer"
    assert sweep("30", FAKE_FAULT="timed_out:0") == 3
    assert sweep("30") == 3
    assert max(world.begun.values()) == world.begun[lost.id] == 2
    assert sweep("31") == 0
    whole(world, copies=2)


def test_what_crashed_after_it_timed_out_is_written_once(world: World) -> None:
    assert world.run(FAKE_FAULT="timed_out:3")[0] == 3
    assert world.run("sweep", "small.json", "--no-mirror", "--retry", FAKE_FAULT="crashed:0")[0] == 3
    assert world.run()[0] == 3
    assert len(world.lines) == 9


def test_an_engine_that_is_deaf_does_not_hold_up_ctrl_c(world: World) -> None:
    """It reads nothing, and the order is longer than a pipe holds."""
    world.study["seeds"] = 500
    world.write_study()
    command = world.start(patches={"suite.running.GRACE": 0.5}, FAKE_FAULT="deaf")
    while not (world.folder / "status.json").exists():
        time.sleep(0.02)
    time.sleep(0.5)
    interrupted(world, command.pid)
    assert command.end(within=15.0) == 130, command.said
    assert not world.left_over()


def interrupted(world: World, pid: int) -> None:
    import os

    os.kill(pid, signal.SIGINT)
