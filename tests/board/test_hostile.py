"""A board's file is anybody's: whatever stands in it, it is shown, put in quarantine or refused, and never a crash."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suite.board import beside, report
from suite.board.facts import Facts
from suite.board.line import Classical, Opening, Stamp, written
from suite.board.published import Board, BoardError, append, board
from suite.board.rules import findings
from suite.board.standing import Standing
from tests.board import made

STRANGE = st.sampled_from(
    [None, True, -1, 0, 10**30, 1e308, float("nan"), "", "\x1b[2J", "=1+1", "../../x", "a" * 5000, [], {}, [[]], "rate"]
)
LINES = [
    written(line)
    for line in (
        Opening(stamp=made.STAMP, facts=made.FACTS),
        *(line for name in made.ACCEPTS for line in made.honest(name)),
        Classical(stamp=made.STAMP, task="image/digits", baseline="svm", seed=0, valid=0.9, test=0.9),
    )
]


def places(value: Any, place: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The keys that lead to every value in it."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place, *(found for key, one in inner for found in places(one, (*place, key)))]


def altered(line: bytes, which: int, strange: object) -> bytes:
    """The line with one of its values replaced."""
    said = json.loads(line)
    *way, last = (found := [place for place in places(said) if place])[which % len(found)]
    inner = said
    for key in way:
        inner = inner[key]
    inner[last] = strange
    return json.dumps(said).encode() + b"\n"


def seen(found: Board) -> None:
    """Everything that is done with a board."""
    standing = Standing(found, findings(found))
    for scope in standing.scopes:
        report.ranking(standing.ranking(scope))
        report.title(standing, scope)
    report.quarantine(standing)
    report.whole(standing, list(standing.scopes))
    report.references(beside.references(standing))


@settings(max_examples=25)
@given(st.integers(0, len(LINES) - 1), st.integers(0, 500), STRANGE)
def test_one_strange_value_anywhere_is_no_crash(number: int, which: int, strange: object) -> None:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "board.jsonl"
        file.write_bytes(b"".join([*LINES[:number], altered(LINES[number], which, strange), *LINES[number + 1 :]]))
        try:
            found = board(file)
        except BoardError:
            return
    seen(found)


@pytest.mark.parametrize(
    "line", [b"", b"\n", b"[1]\n", b"[" * 100_000 + b"\n", b"\xff\xfe\n", b'{"line":"row"}\n', b"NaN\n"]
)
def test_a_line_that_is_none_is_counted_and_nobodys(tmp_path: Path, line: bytes) -> None:
    file = tmp_path / "board.jsonl"
    file.write_bytes(b"".join([*LINES, line]))
    found = board(file)
    assert len(found.broken) == bool(line)
    assert {finding.entry for finding in findings(found)} <= {""}
    seen(found)


def test_a_board_with_settings_that_there_are_not_is_refused(tmp_path: Path) -> None:
    facts = Facts.model_validate(made.FACTS.model_dump() | {"baseline": {"wings": 2}})
    file = tmp_path / "board.jsonl"
    append(file, [Opening(stamp=Stamp(board=facts.version, at="", by=""), facts=facts)])
    with pytest.raises(BoardError, match="asks what this Wonderland does not have: no factor 'wings'"):
        board(file)


def test_a_name_that_could_drive_a_terminal_or_a_sheet_is_no_name(tmp_path: Path) -> None:
    file = tmp_path / "board.jsonl"
    rows = [line.replace(b'"entry":"gru"', b'"entry":"=cmd()"') for line in LINES]
    file.write_bytes(b"".join(rows))
    found = board(file)
    assert "=cmd()" not in found.entries
    assert {broken.entry for broken in found.broken} == {"=cmd()"}
