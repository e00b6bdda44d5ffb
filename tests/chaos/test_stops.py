"""A sweep that stops by itself commits what it has, says why and how to go on, and goes on."""

import pytest

from tests.chaos.world import World, whole

SWEEP = ("sweep", "small.json", "--no-mirror", "--slots", "2")


@pytest.mark.parametrize("limit", ["1", "10%"])
def test_too_many_losses_stop_it(world: World, limit: str) -> None:
    code, said = world.run(*SWEEP, "--fail-fast", limit, FAKE_FAULT="crashed:2", FAKE_PACE="0.3")
    assert code == 3, said
    assert "because 1 trial was lost" in said
    assert f"wonderland sweep small.json --slots 2 --fail-fast {limit} --no-mirror" in said
    status = world.store.status("small")
    assert status is not None
    assert (status.state, status.why) == ("stopped", "1 trial was lost")
    assert 3 <= len(world.lines) < len(world.truth)
    told = world.start("status", "small")
    assert told.end() == 0
    assert told.printed.startswith("stopped, because 1 trial was lost: small")


def test_what_was_lost_before_stops_nothing(world: World) -> None:
    assert world.run(*SWEEP, "--fail-fast", "1", FAKE_FAULT="crashed:2", FAKE_PACE="0.3")[0] == 3
    code, said = world.run(*SWEEP, "--fail-fast", "1")
    assert code == 3, said
    assert len(world.lines) == len(world.truth)
    assert world.run(*SWEEP, "--retry")[0] == 0


def test_the_time_is_up(world: World) -> None:
    code, said = world.run(*SWEEP, "--max-hours", "0.0002", FAKE_PACE="0.4")
    assert code == 3, said
    assert "because its 0.0002 h are over" in said
    assert len(world.lines) < len(world.truth)
    whole(world)


def test_all_that_is_answered_in_time_is_done(world: World) -> None:
    code, said = world.run(*SWEEP, "--max-hours", "1", "--fail-fast", "1")
    assert code == 0, said
    whole(world)


def test_a_limit_that_is_none_is_refused_at_once(world: World) -> None:
    code, said = world.run(*SWEEP, "--fail-fast", "5 percent")
    assert code == 2
    assert "'5 percent' is neither a number of trials, as 3, nor a share of those to be run, as 5%" in said
    assert not world.folder.exists()
