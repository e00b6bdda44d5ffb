"""Help: every verb is there, says what it does, and speaks JSON."""

import re

import pytest

from suite.cli.main import CLUSTER, MACHINE, REPRODUCE, RUN, SEE, app
from tests.cli.conftest import Wonderland

VERBS = sorted(str(one.name or one.callback.__name__) for one in app.registered_commands if one.callback)
NOT_DATA = {"completion"}  # prints a script for a shell


def plain(text: str) -> str:
    return " ".join(re.sub("[│╭╮╰╯─]", " ", text).split())


def test_help_groups_the_verbs_and_lists_the_exit_codes(wonderland: Wonderland) -> None:
    done = wonderland("--help")
    assert done.code == 0
    places = [done.out.index(panel) for panel in (RUN, SEE, REPRODUCE, MACHINE)]
    assert places == sorted(places)
    assert CLUSTER in done.out
    for code in ("0 ok", "2 wrong usage", "3 some trials", "5 somebody else", "8 not reproduced", "143 terminated"):
        assert code in plain(done.out)


def test_no_words_at_all_are_answered_with_help(wonderland: Wonderland) -> None:
    done = wonderland()
    assert done.code == 0
    assert "Usage: wonderland" in done.out


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_explains_itself_and_speaks_json(wonderland: Wonderland, verb: str) -> None:
    done = wonderland(verb.rstrip("_").replace("_", "-"), "--help")
    assert done.code == 0
    assert done.err == ""
    assert ("--json" in done.out) == (verb not in NOT_DATA)
