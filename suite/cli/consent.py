"""Consent: what would take long, or delete something, is said first, and done only if somebody says yes."""

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from suite.estimate import Range

MANY = 10_000  # trials that are run without asking
LONG = 2 * 3600.0  # seconds that a sweep may be expected to take without asking


class NeedsYes(Exception):
    """Nobody has said yes yet."""

    exit_code = 2


def require_yes(trials: int, seconds: "Range") -> None:
    """Raise NeedsYes for a sweep that is so long that it may be a mistake."""
    from suite.display import duration

    expected, less = (seconds.low + seconds.high) / 2, "--only and --seeds make it less"
    if trials > MANY:
        raise NeedsYes(f"these are {trials:,} trials, and more than {MANY:,} need --yes; {less}")
    if expected > LONG:
        raise NeedsYes(f"this takes about {duration(expected)}, and more than {duration(LONG)} needs --yes; {less}")


def says_yes(question: str) -> bool:
    """Ask whoever sits at the terminal; nobody does where input or talk is no terminal."""
    if not sys.stdin.isatty() or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        return False
    print(f"{question} Go on? [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")
