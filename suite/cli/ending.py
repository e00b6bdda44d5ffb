"""How a command ends badly: three lines at most, which say what is wrong, why, and what to do; and an exit code."""

import os
import re
import traceback
from difflib import get_close_matches
from pathlib import Path
from typing import NoReturn

from typer.exceptions import TyperException

from suite.cli.say import fail

CHOICE = re.compile(r"'([^']*)' is not one of ('.*')")


def end(error: Exception) -> NoReturn:
    """Say what happened and exit. What nobody but us can have caused is exit code 1."""
    if isinstance(error, TyperException):
        _end_usage(error)
    code = getattr(error, "exit_code", None)
    if code is not None:
        fail(code, str(error))
    if isinstance(error, OSError):
        fail(4, f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}{_room(error)}")
    last = traceback.extract_tb(error.__traceback__)[-1]
    place = (
        f"it happened in {last.filename}, line {last.lineno}; -v shows the traceback, which helps us if you report it"
    )
    fail(1, f"a bug of ours: {type(error).__name__}: {error}", place)


def _end_usage(error: TyperException) -> NoReturn:
    context = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError":  # its message is the help, which is shown by now
        raise SystemExit(error.exit_code)
    hint = f"{context.command_path} --help  says what there is" if context else ""
    fail(error.exit_code, _sentence(error), hint)


def _sentence(error: TyperException) -> str:
    """What typer says, as the rest of this command speaks, and with the likeliest choice."""
    option = getattr(error, "option_name", None)
    if hasattr(error, "possibilities"):
        near = get_close_matches(str(option), error.possibilities or (), n=1, cutoff=0.0)
        return f"no option {option!r}" + (f"; did you mean {near[0]!r}?" if near else "")
    text = error.format_message().replace("Value error, ", "").replace(". Did you mean", "; did you mean")
    if found := CHOICE.search(text):
        near = get_close_matches(found[1], re.findall("'([^']*)'", found[2]), n=1)
        text += f"; did you mean {near[0]!r}?" if near else ""
    return text[:1].lower() + text[1:]


def _room(error: OSError) -> str:
    """How much room there is where it happened."""
    path = Path(os.fsdecode(error.filename) if isinstance(error.filename, str | bytes) else ".").absolute()
    there = next((place for place in (path, *path.parents) if place.exists()), Path("/"))
    try:
        disk = os.statvfs(there)
    except OSError:
        return ""
    files = f", room for {disk.f_favail} files" if 0 <= disk.f_favail < 1000 and disk.f_files else ""
    return f" ({disk.f_bavail * disk.f_frsize / 2**20:.0f} MiB free{files})"
