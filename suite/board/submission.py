"""A submission: lines that somebody would add to the board, and where that would put them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from suite.board.facts import Facts, asked, moved
from suite.board.finding import Finding
from suite.board.line import Aggregate, AnyLine, Classical, Entry, Judged, Opening, Row, Stamp, written
from suite.board.protocol import accepts
from suite.board.published import Board, BoardError, Broken, append, board, parsed
from suite.board.rules import findings
from suite.board.standing import Standing
from suite.disk import replace_file


@dataclass(frozen=True)
class Submission:
    """Lines for the board that is `there`, and what of them could not be read. `opening` begins a version, if new."""

    there: Board
    lines: tuple[AnyLine, ...]
    broken: tuple[Broken, ...] = ()
    opening: tuple[Opening, ...] = ()

    @cached_property
    def entries(self) -> tuple[str, ...]:
        """Whom the lines are about."""
        names = [line.entry for line in self.lines if isinstance(line, Entry | Row | Aggregate)]
        return tuple(dict.fromkeys((*names, *(line.entry for line in self.broken))))

    @cached_property
    def standing(self) -> Standing:
        """The board as it would be, by the rules and by what the catalogue here accepts."""
        with_them = self.there.plus(_fresh(self.there, self.lines), self.broken)
        return Standing(with_them, findings(with_them, accepts(with_them.facts)))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong with those whom the lines are about."""
        return tuple(finding for finding in self.standing.findings if finding.entry in self.entries)

    @property
    def clean(self) -> tuple[AnyLine, ...]:
        """What the board does not have yet of those with whom nothing is wrong."""
        wrong = {finding.entry for finding in self.findings}
        return tuple(line for line in _fresh(self.there, self.lines) if getattr(line, "entry", None) not in wrong)

    def landing(self, entry: str) -> pd.DataFrame:
        """Where the entry would stand: a row for each scope that it is in, and how many are ranked there."""
        found = []
        for scope in self.standing.scopes:
            ranking = self.standing.ranking(scope)
            own = ranking[ranking["entry"] == entry]
            found.append(own.assign(n_ranked=int(ranking["rank_low"].notna().sum())))
        return pd.concat(found, ignore_index=True)

    def publish(self, path: Path) -> int:
        """Add what is clean to the board's file; how many lines that are."""
        lines = (*self.opening, *self.clean)
        append(path, lines)
        return len(lines)

    def write(self, path: Path) -> None:
        """As a file of its own that can be sent to others: a board with nothing but these lines."""
        replace_file(path, b"".join(map(written, (self.there.opening, *self.lines))))


def begun(path: Path, facts: Facts, stamp: Stamp, *, anew: bool) -> Submission:
    """A submission without lines, to the published board, or to an empty one where there is none.

    Where the published one asks something else than the code and data here, a version of its own is opened if `anew`.
    Raises BoardError if not.
    """
    opening = Opening(stamp=stamp, facts=facts)
    if not path.is_file():
        return Submission(Board(opening), (), opening=(opening,))
    published = board(path)
    if published.facts.asked == facts.asked:
        if not anew or published.facts.version == facts.version:
            return Submission(published, ())
        return Submission(replace(published, opening=opening), (), opening=(opening,))
    if anew:
        return Submission(Board(opening), (), opening=(opening,))
    what = ", ".join(moved(published.facts, facts)[:5])
    raise BoardError(f"the published board is {published.facts.asked}, and here it would be {facts.asked}: {what}")


def read(path: Path) -> tuple[tuple[AnyLine, ...], tuple[Broken, ...]]:
    """The lines of a submission's file, whole and broken.

    Entries, their rows and what these come to: nobody sends in verdicts on rows, baselines, or another board.
    """
    if not path.is_file():
        raise BoardError(f"no submission in {path}")
    lines = list(parsed(path))
    broken = tuple(line for line in lines if isinstance(line, Broken))
    return tuple(line for line in lines if isinstance(line, Entry | Row | Aggregate)), broken


def _fresh(there: Board, lines: Iterable[AnyLine]) -> tuple[AnyLine, ...]:
    """Those of the lines that the board does not have."""
    known = {_says(line) for line in there.lines}
    return tuple(line for line in lines if _says(line) not in known)


def _says(line: AnyLine) -> tuple[Any, ...]:
    """What a line says, whoever says it and when; of a row, what came out and not what it took."""
    match line:
        case Row():
            return "row", asked(line.stamp.board), line.entry, line.role, line.id, line.record.result.digest
        case Judged():
            return "verdict", line.verdict.model_dump_json()
        case Classical():
            return "classical", line.task, line.baseline, line.seed
        case _:
            return (line.line, line.model_dump_json(exclude={"stamp"}))
