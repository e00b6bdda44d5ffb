"""What all verbs say alike: the next commands, and one message for what a person can cause."""

import os
import shlex
import sys
from pathlib import Path
from typing import NoReturn

from suite.cli.arguments import RUNS

MOST_SAID = 2000  # characters of an error, which may quote what it is about


def suggest(runs: Path, *commands: list[str]) -> None:
    """Say the next things to type, for the store that this command used."""
    from suite.display import commands as say

    where = [] if runs == RUNS or os.environ.get("WONDERLAND_RUNS") == str(runs) else ["--runs", str(runs)]
    say([shlex.join(["wonderland", *words, *where]) for words in commands])


def said(options: dict[str, object]) -> list[str]:
    """Options as words: True is a switch, a list is said once for each, and None, False and nothing are not said."""
    words = list[str]()
    for name, value in options.items():
        if value is True:
            words.append(name)
        elif value:
            each = value if isinstance(value, list) else [f"{value:g}" if isinstance(value, float) else str(value)]
            words += [word for one in each for word in (name, one)]
    return words


def choose(kind: str, name: str, known: tuple[str, ...]) -> None:
    from suite import catalog

    try:
        catalog.check(kind, name, known)
    except LookupError as error:
        fail(2, str(error.args[0]))


def fail(code: int, message: str, hint: str = "") -> NoReturn:
    """End with one line that says what is wrong, and perhaps one that says what to do."""
    text = message if len(message) <= MOST_SAID else f"{message[:MOST_SAID]} ..."
    for line in filter(None, (f"wonderland: {text}", hint and f"  {hint}")):
        print("".join(c if c.isprintable() else repr(c)[1:-1] for c in line), file=sys.stderr)
    raise SystemExit(code)
