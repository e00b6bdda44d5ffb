"""The rules: who is in quarantine, and why. Read from the file alone, so that everybody finds the same."""

from collections import defaultdict
from collections.abc import Iterator

from suite.board import entry_rules, row_rules
from suite.board.entry_rules import Accepts
from suite.board.finding import Finding
from suite.board.line import Row
from suite.board.published import Board
from suite.board.state import contradicts


def findings(board: Board, accepts: Accepts = lambda architecture: None) -> tuple[Finding, ...]:
    """Everything against the rules, by entry. `accepts` says which tasks an architecture takes, if it is known here."""
    return tuple(dict.fromkeys(_findings(board, accepts)))


def quarantined(found: tuple[Finding, ...]) -> dict[str, tuple[str, ...]]:
    """The reasons for each entry that is in quarantine."""
    reasons = defaultdict[str, list[str]](list)
    for finding in found:
        reasons[finding.entry].append(finding.reason)
    return {entry: tuple(why) for entry, why in reasons.items()}


def _findings(board: Board, accepts: Accepts) -> Iterator[Finding]:
    for broken in board.broken:
        yield Finding(broken.entry, "unreadable", f"line {broken.number} is no row: {broken.reason}")
    rows = defaultdict[str, list[Row]](list)
    for row in board.rows:
        rows[row.entry].append(row)
    for name in rows.keys() - board.entries.keys():
        yield Finding(name, "never entered", "it has rows and no line that says what entered")
    architectures = {entry.architecture for entry in board.entries.values()}
    for name, entry in board.entries.items():
        for row in rows[name]:
            yield from row_rules.of_row(row, entry, board.facts)
        said = [line for line in board.aggregates if line.entry == name]
        yield from entry_rules.of_entry(entry, rows[name], said, board.facts, accepts, architectures)
    yield from _not_reproduced(board)


def _not_reproduced(board: Board) -> Iterator[Finding]:
    against = {said.verdict.id: said for said in board.verdicts if contradicts(said)}
    for row in board.rows:
        said = against.get(row.id)
        if said is not None and said.verdict.judges(row.record):
            where = f"row {row.id} ({row.record.trial.task}, seed {row.record.trial.seed})"
            yield Finding(
                row.entry, "not reproduced", f"{where} came out otherwise on {said.stamp.at}: {said.verdict.words}"
            )
