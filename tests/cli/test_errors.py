"""Errors: at most three lines that say what, why and what to do; a traceback only where it is asked for."""

import pytest

from tests.cli.conftest import Wonderland

TYPOS = {
    "a verb": (["sweeep", "first"], "did you mean 'sweep'?"),
    "an option": (["plan", "first", "--slotts", "3"], "no option '--slotts'; did you mean '--slots'?"),
    "a choice": (["sweep", "first", "--progress", "plian"], "did you mean 'plain'?"),
    "a kind": (["list", "studys"], "did you mean 'studies'?"),
    "a study": (["plan", "frist"], "did you mean 'first'?"),
    "a task": (["fetch", "image/digit"], "did you mean 'image/digits'?"),
    "a key": (["plan", "first", "--only", "nrom=none"], "did you mean 'norm'?"),
    "a level": (["plan", "first", "--only", "norm=nnone"], "did you mean 'none'?"),
    "a task of a study": (["plan", "first", "--skip", "task=image/digit"], "did you mean 'image/digits'?"),
    "a column": (["list", "tasks", "--only", "metrik=auc"], "did you mean 'metric'?"),
    "an architecture": (["new", "study", "mine", "--architecture", "transformr"], "did you mean 'transformer'?"),
}


@pytest.mark.parametrize("case", TYPOS)
def test_a_typo_is_answered_with_the_likeliest_name(wonderland: Wonderland, case: str) -> None:
    words, hint = TYPOS[case]
    done = wonderland(*words)
    assert done.code == 2
    assert hint in done.err
    assert done.out == ""
    assert len(done.err.strip().splitlines()) <= 3


@pytest.mark.parametrize(
    "words", [["plan"], ["plan", "first", "--slots", "0"], ["plan", "first", "--slots", "two"], ["new", "study"]]
)
def test_wrong_usage_is_three_lines_at_most(wonderland: Wonderland, words: list[str]) -> None:
    done = wonderland(*words)
    assert done.code == 2
    assert 1 <= len(done.err.strip().splitlines()) <= 3
    assert f"wonderland {words[0]} --help" in done.err


def broken(name: str) -> None:
    raise ZeroDivisionError("one over nothing")


def test_a_bug_of_ours_says_where_and_how_to_see_more(wonderland: Wonderland, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("suite.study_file.load", broken)
    done = wonderland("plan", "first")
    assert done.code == 1
    lines = done.err.strip().splitlines()
    assert len(lines) <= 3
    assert lines[0] == "wonderland: a bug of ours: ZeroDivisionError: one over nothing"
    assert "test_errors.py, line" in lines[1]
    assert "-v shows" in lines[1]
    assert "Traceback" not in done.err


def test_verbose_shows_the_traceback_and_changes_nothing_else(
    wonderland: Wonderland, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = wonderland("plan", "frist", "-v")
    assert refused.code == 2
    assert refused.err.startswith("Traceback")
    assert refused.err.strip().splitlines()[-1].startswith("wonderland: no study 'frist'")
    monkeypatch.setattr("suite.study_file.load", broken)
    done = wonderland("plan", "first", "-v")
    assert (done.code, done.out) == (1, "")
    assert "Traceback" in done.err
