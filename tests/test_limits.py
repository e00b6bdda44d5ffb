"""Limits: what is counted as lost, and when a sweep stops by itself."""

import time

import pytest

from suite.limits import Limits
from suite.record import OUTCOMES
from tests.records import record


def lost(limits: Limits, *outcomes: str) -> Limits:
    for seed, outcome in enumerate(outcomes):
        made = record(seed)
        limits.note(made.model_copy(update={"result": made.result.model_copy(update={"outcome": outcome})}))
    return limits


def test_without_limits_nothing_stops_it() -> None:
    assert lost(Limits.given(None, None), *OUTCOMES * 100).reached(700) == ""


def test_a_network_that_diverges_is_a_result_and_all_else_is_lost() -> None:
    assert lost(Limits(), *OUTCOMES).lost == len(OUTCOMES) - 2
    assert lost(Limits(), "finished", "diverged").lost == 0


@pytest.mark.parametrize(
    ("given", "asked", "bearable"), [("1", 100, 0), ("3", 100, 2), ("5%", 100, 4), ("2.5%", 100, 2), ("1%", 10, 0)]
)
def test_so_many_or_such_a_share_are_too_many(given: str, asked: int, bearable: int) -> None:
    limits = lost(Limits.given(None, given), *["failed"] * bearable)
    assert limits.reached(asked) == ""
    assert "lost" in lost(limits, "crashed").reached(asked)


@pytest.mark.parametrize("given", ["", "0", "-1", "some", "5 %", "0%", "101%", "1.5", "nan%", "1e1%", "%"])
def test_what_is_neither_is_refused(given: str) -> None:
    with pytest.raises(ValueError, match="neither a number of trials, as 3, nor a share"):
        Limits.given(None, given)


def test_the_time_is_up() -> None:
    assert Limits.given(1.0, None).reached(10) == ""
    assert Limits(3600.0, began=time.monotonic() - 3601).reached(10) == "its 1 h are over"
