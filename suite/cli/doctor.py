"""The doctor on the command line."""

from typing import TYPE_CHECKING, Annotated

import typer

from suite import document
from suite.cli.arguments import RUNS, Json, Runs
from suite.cli.say import suggest

if TYPE_CHECKING:
    from rich.console import Console

    from suite.doctor.finding import Finding

MARKS = {"well": "✓", "note": "–", "ill": "✗"}
WORDS = {"well": "ok", "note": "--", "ill": "NO"}  # for a terminal that has no such signs


def doctor(
    deep: Annotated[bool, typer.Option("--deep", help="Start Ray too, which takes some seconds.")] = False,
    runs: Runs = RUNS,
    as_json: Json = False,
) -> None:
    """Look whether this machine can run a sweep; for everything that is wrong, say the command that puts it right."""
    from suite.display import console
    from suite.doctor.examine import examine
    from suite.store import Store

    out, found = console(), list["Finding"]()
    for finding in examine(Store(runs), deep=deep):
        found.append(finding)
        if not as_json:
            _tell(out, finding)
    ill = [finding for finding in found if finding.state == "ill"]
    if as_json:
        document.show({"well": not ill, "findings": [finding._asdict() for finding in found]})
    elif not ill:
        suggest(runs, ["sweep", "first"])
    if ill:
        raise SystemExit(4)


def _tell(out: "Console", finding: "Finding") -> None:
    from suite.display import printable

    marks = MARKS if out.encoding.lower().startswith("utf") else WORDS
    out.print(printable(f"{marks[finding.state]} {finding.name}: {finding.says}"), soft_wrap=True)
    if finding.fix and finding.state != "well":
        out.print(printable(f"    {finding.fix}"), soft_wrap=True)
