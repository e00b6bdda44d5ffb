"""The published board as a file: read whole, never edited, only added to.

A version of the board begins with an opening, and everything up to the next one belongs to it. Where only the code that
ranks has changed since, the rows before stay; where anything else has, they are history.
"""

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from suite import disk
from suite.board.facts import Facts, asked, unknown
from suite.board.line import Aggregate, AnyLine, Classical, Entry, Judged, Opening, Row, read, written
from suite.bulk import bulk

Kind = TypeVar("Kind", Entry, Row, Aggregate, Classical, Judged)


class BoardError(ValueError):
    """A board that is not there or cannot be read; one sentence for people."""

    exit_code = 6


@dataclass(frozen=True)
class Broken:
    """A line that is none: where it stands, whose it seems to be, and what is wrong with it."""

    number: int
    entry: str
    reason: str


@dataclass(frozen=True)
class Board:
    """One version of the board. `earlier` counts the lines of versions before it."""

    opening: Opening
    lines: tuple[AnyLine, ...] = ()
    broken: tuple[Broken, ...] = ()
    earlier: int = 0

    @property
    def facts(self) -> Facts:
        return self.opening.facts

    @cached_property
    def entries(self) -> dict[str, Entry]:
        """Those who entered, by name, in their order; of two lines with one name the first."""
        found = dict[str, Entry]()
        for entry in self._of(Entry):
            found.setdefault(entry.entry, entry)
        return found

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        return tuple(self._of(Row))

    @cached_property
    def aggregates(self) -> tuple[Aggregate, ...]:
        return tuple(self._of(Aggregate))

    @cached_property
    def classical(self) -> tuple[Classical, ...]:
        return tuple(self._of(Classical))

    @cached_property
    def verdicts(self) -> tuple[Judged, ...]:
        return tuple(self._of(Judged))

    def plus(self, lines: Iterable[AnyLine], broken: Iterable[Broken] = ()) -> "Board":
        """The board as it would be with these lines added."""
        return replace(self, lines=(*self.lines, *lines), broken=(*self.broken, *broken))

    def _of(self, kind: type[Kind]) -> list[Kind]:
        return [line for line in self.lines if isinstance(line, kind)]


def board(path: Path) -> Board:
    """The last version of the board in a file. Raises BoardError where there is none."""
    if not path.is_file():
        raise BoardError(f"no board in {path} yet; publish one with: wonderland submit --all --publish")
    lines = list(parsed(path))
    openings = [place for place, line in enumerate(lines) if isinstance(line, Opening)]
    if not openings or openings[0] > 0:
        raise BoardError(f"{path} does not begin with the opening of a board")
    last = lines[openings[-1]]
    assert isinstance(last, Opening)
    if last.stamp.board != last.facts.version:
        raise BoardError(f"{path} opens board {last.stamp.board}, but its facts are those of {last.facts.version}")
    if why := unknown(last.facts):
        raise BoardError(f"{path} asks what this Wonderland does not have: {why}")
    start = _start(lines, openings, asked(last.stamp.board))
    after = [line for line in lines[start:] if not isinstance(line, Opening)]
    whole = tuple(line for line in after if not isinstance(line, Broken))
    return Board(last, whole, tuple(line for line in after if isinstance(line, Broken)), start)


def parsed(path: Path) -> Iterator[AnyLine | Broken]:
    """Every line of a file, whole or broken."""
    with bulk(), path.open("rb") as file:
        for number, text in enumerate(file, start=1):
            yield _parsed(number, text)


def append(path: Path, lines: Sequence[AnyLine]) -> None:
    """Add lines to the file, all or none as far as the disk allows, and force them to disk."""
    disk.append(path, b"".join(map(written, lines)), mode=0o644)


def _start(lines: list[AnyLine | Broken], openings: list[int], wanted: str) -> int:
    """The first opening from which on the board has asked the same as now."""
    start = openings[-1]
    for place in reversed(openings):
        opening = lines[place]
        assert isinstance(opening, Opening)
        if asked(opening.stamp.board) != wanted:
            break
        start = place
    return start


def _parsed(number: int, text: bytes) -> AnyLine | Broken:
    try:
        return read(text)
    except ValueError as error:
        return _broken(number, text, error)


def _broken(number: int, text: bytes, error: ValueError) -> Broken:
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return Broken(number, "", "it is not JSON")
    entry = said.get("entry") if isinstance(said, dict) else None
    strange = [place for place, number in _numbers(said, "") if not math.isfinite(number)]
    problem = f"{strange[0]} is not a finite number" if strange else _first(error)
    return Broken(number, entry if isinstance(entry, str) else "", problem)


def _numbers(said: Any, place: str) -> Iterator[tuple[str, float]]:
    """Every fraction in it, with the keys that lead to it."""
    if isinstance(said, dict | list):
        for key, inner in said.items() if isinstance(said, dict) else enumerate(said):
            yield from _numbers(inner, f"{place}.{key}".lstrip("."))
    elif isinstance(said, float):
        yield place, said


def _first(error: ValueError) -> str:
    """The first thing that is wrong, by the keys that lead to it."""
    problems: list[dict[str, Any]] = getattr(error, "errors", list)()
    if not problems:
        return "it is no line of a board"
    place = ".".join(map(str, problems[0]["loc"]))
    return f"{place}: {problems[0]['msg']}" if place else str(problems[0]["msg"])
