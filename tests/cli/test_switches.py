"""Switches stand anywhere, and reach the processes that are started."""

import os

from suite.cli.switches import lift
from suite.store import Store
from tests.cli.conftest import Wonderland


def test_switches_are_taken_wherever_they_stand(unchanged_environment: None) -> None:
    os.environ.pop("NO_COLOR", None)
    assert lift(["plan", "--no-color", "first", "-q"]) == ["plan", "first"]
    assert (os.environ["NO_COLOR"], os.environ["WONDERLAND_QUIET"]) == ("1", "1")


def test_what_comes_after_two_dashes_is_left_alone(unchanged_environment: None) -> None:
    assert lift(["show", "--", "-v"]) == ["show", "--", "-v"]


def test_quiet_says_the_answer_and_nothing_else(wonderland: Wonderland, store: Store) -> None:
    id = store.records("second")[0].id
    loud, quiet = wonderland("show", id), wonderland("-q", "show", id)
    assert "next:" in loud.err
    assert quiet.out == loud.out
    assert quiet.err == ""


def test_quiet_does_not_hide_errors(wonderland: Wonderland) -> None:
    assert "did you mean 'first'?" in wonderland("plan", "frist", "--quiet").err
