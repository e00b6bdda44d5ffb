"""The board as people look at it: read, checked by the rules, and ranked."""

from pathlib import Path

from suite.board.protocol import accepts, path
from suite.board.published import board
from suite.board.rules import findings
from suite.board.standing import Standing


def look(file: Path | None = None) -> Standing:
    """The published board, or the one in a file. Raises BoardError where there is none."""
    found = board(file or path())
    return Standing(found, findings(found, accepts(found.facts)))
