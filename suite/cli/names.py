"""Names as people type them: the start of a study's name is enough, where no other begins so."""

from pathlib import Path

import typer

from suite.cli import completion

FILES = (".py", ".json")


class Ambiguous(ValueError):
    """The start of several names."""

    exit_code = 2


def known_study(given: str) -> str:
    """A study of ablations/ by the start of its name; what fits none is left as it is, for the loader to refuse."""
    return given if Path(given).suffix in FILES else whole("study", given, completion.studies(""))


def swept_study(context: typer.Context, given: str | None) -> str | None:
    """A study in the store that the command reads, by the start of its name."""
    if given is None or context.resilient_parsing:
        return given
    return whole("study", given, completion.swept(context, ""))


def whole(kind: str, given: str, known: list[str]) -> str:
    """The one of the known names that begins so, or what was given if there is none. Several are an error."""
    found = [name for name in known if name.startswith(given)]
    if given in known or not found or not given:
        return given
    if len(found) > 1:
        raise Ambiguous(f"{kind} {given!r} is ambiguous; it could be {', '.join(found)}")
    return found[0]
