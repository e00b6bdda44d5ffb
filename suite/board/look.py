"""The board as people look at it: read, checked by the rules, and ranked."""

from suite.board.protocol import NAME, accepts, path
from suite.board.published import board
from suite.board.rules import findings
from suite.board.standing import Standing


def look(name: str = NAME) -> Standing:
    """The published board; or that of another study, or in a .jsonl file. Raises BoardError where there is none."""
    found = board(path(name))
    return Standing(found, findings(found, accepts(found.facts)))
