"""A submission: lines that somebody would add to the board, and where that would put them."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from suite.board.facts import Facts, asked, moved
from suite.board.line import Aggregate, AnyLine, Classical, Entry, Judged, Opening, Row, Stamp, written
from suite.board.protocol import accepts
from suite.board.published import Board, BoardError, Broken, board, parsed
from suite.board.rules import findings
from suite.board.standing import Standing
from suite.disk import replace_file


def base(path: Path, facts: Facts, stamp: Stamp) -> Board:
    """The board that lines made here can be added to: the published one, or an empty one where there is none.

    Raises BoardError if the published one asks something else than the code and data here.
    """
    if not path.is_file():
        return Board(Opening(stamp=stamp, facts=facts))
    published = board(path)
    if published.facts.asked != facts.asked:
        what = ", ".join(moved(published.facts, facts)[:5])
        raise BoardError(f"the published board is {published.facts.asked}, and here it would be {facts.asked}: {what}")
    return published


def opened(path: Path, facts: Facts, stamp: Stamp) -> tuple[Board, tuple[Opening, ...]]:
    """The same for somebody who may open a new version of the board; with the opening, if that takes one."""
    opening = Opening(stamp=stamp, facts=facts)
    if not path.is_file():
        return Board(opening), (opening,)
    published = board(path)
    if published.facts.version == facts.version:
        return published, ()
    if published.facts.asked == facts.asked:
        return Board(opening, published.lines, published.broken, published.earlier), (opening,)
    return Board(opening), (opening,)


def fresh(there: Board, lines: Iterable[AnyLine]) -> tuple[AnyLine, ...]:
    """Those of the lines that the board does not have."""
    known = {_says(line) for line in there.lines}
    return tuple(line for line in lines if _says(line) not in known)


def checked(there: Board, lines: Iterable[AnyLine], broken: Iterable[Broken] = ()) -> Standing:
    """The board as it would be with these lines, by the rules and by what the catalogue here accepts."""
    with_them = there.plus(lines, broken)
    return Standing(with_them, findings(with_them, accepts(with_them.facts)))


def landing(standing: Standing, entry: str) -> pd.DataFrame:
    """Where the entry stands: a row for each scope that it is in, and how many are ranked there."""
    found = []
    for scope in standing.scopes:
        ranking = standing.ranking(scope)
        own = ranking[ranking["entry"] == entry]
        found.append(own.assign(n_ranked=int(ranking["rank_low"].notna().sum())))
    return pd.concat(found, ignore_index=True)


def write(path: Path, there: Board, lines: Iterable[AnyLine]) -> None:
    """A submission file: a board of its own, with the opening that its rows were made for."""
    replace_file(path, b"".join(map(written, (there.opening, *lines))))


def read(path: Path) -> tuple[tuple[AnyLine, ...], tuple[Broken, ...]]:
    """The lines of a submission file, whole and broken, without its opening."""
    if not path.is_file():
        raise BoardError(f"no submission in {path}")
    lines = list(parsed(path))
    broken = tuple(line for line in lines if isinstance(line, Broken))
    return tuple(line for line in lines if not isinstance(line, Broken | Opening)), broken


def entries(lines: Iterable[AnyLine], broken: Iterable[Broken] = ()) -> tuple[str, ...]:
    """Whom the lines are about."""
    names = [line.entry for line in lines if isinstance(line, Entry | Row | Aggregate)]
    return tuple(dict.fromkeys((*names, *(line.entry for line in broken))))


def _says(line: AnyLine) -> tuple[Any, ...]:
    """What a line says, whoever says it and when; of a row, what came out and not what it took."""
    match line:
        case Row():
            return asked(line.stamp.board), line.entry, line.role, line.id, line.record.result.digest
        case Judged():
            return "verdict", line.verdict.model_dump_json()
        case Classical():
            return "classical", line.task, line.baseline, line.seed
        case _:
            return (line.line, line.model_dump_json(exclude={"stamp"}))
