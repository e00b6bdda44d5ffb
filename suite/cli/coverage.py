"""The book's map: what of it is implemented, tested, asked and answered."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from suite import document
from suite.cli import printed
from suite.cli.arguments import RUNS, Json, Runs
from suite.cli.printed import Csv
from suite.cli.say import choose, suggest

if TYPE_CHECKING:
    from suite.book.standing import Standing

COLUMNS = (
    "section", "name", "implemented", "tested", "answered", "levels", "architectures", "tasks", "files", "tests",
    "claims", "studies", "verdicts", "gap",
)  # fmt: skip


def coverage(
    chapter: Annotated[str | None, typer.Argument(help="A chapter: 2 to 13, A or B. [default: all, counted]")] = None,
    gaps: Annotated[bool, typer.Option("--gaps", help="Only what is missing.")] = False,
    runs: Runs = RUNS,
    as_csv: Csv = False,
    as_json: Json = False,
) -> None:
    """Say how much of the book is implemented, tested and answered, chapter by chapter."""
    from suite.book.answers import verdicts
    from suite.book.sayings import CHAPTERS
    from suite.book.standing import asked, standings
    from suite.display import console
    from suite.store import Store

    printed.one_form(csv=as_csv, json=as_json)
    if chapter is not None:
        choose("chapter", chapter, tuple(CHAPTERS))
    found, unread = verdicts(Store(runs))
    rows = [one for one in standings(asked(), found) if chapter in (None, one.row.chapter)]
    rows = [one for one in rows if not gaps or one.row.gap]
    if as_json:
        document.show({"chapter": chapter, "rows": [_document(one) for one in rows], "unread": list(unread)})
        return
    if as_csv:
        print(_csv(rows), end="")
        return
    _tell(rows, detailed=bool(chapter or gaps))
    for problem in unread:
        console(stderr=True).print(f"left out, as it cannot be read: {problem}", soft_wrap=True, markup=False)
    suggest(runs, ["coverage", "10"] if chapter is None else ["coverage", "--gaps"], ["list", "studies"])


def _csv(rows: "list[Standing]") -> str:
    """A row per concept; names in one cell stand beside each other."""
    import pandas as pd

    from suite.spreadsheet import csv

    cells = [{name: _cell(value) for name, value in _document(one).items()} for one in rows]
    return csv(pd.DataFrame(cells, columns=list(COLUMNS)))


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        return " ".join(f"{one['claim']}={one['verdict']}" if isinstance(one, dict) else str(one) for one in value)
    return value


def _document(one: "Standing") -> dict[str, Any]:
    row = one.row
    return {
        "section": row.section,
        "name": row.name,
        "implemented": row.implemented,
        "tested": row.tested,
        "answered": one.answered,
        "levels": list(row.levels),
        "architectures": list(row.architectures),
        "tasks": list(row.tasks),
        "files": list(row.files),
        "tests": list(row.tests),
        "claims": list(row.claims),
        "studies": list(one.studies),
        "verdicts": [vars(found) for found in one.verdicts],
        "gap": row.gap,
    }


def _tell(rows: "list[Standing]", *, detailed: bool) -> None:
    from suite.book.table import by_chapter, detail
    from suite.display import console, tabulate

    tabulate(console(), detail(rows) if detailed else by_chapter(rows), "The book")
