"""The forms in which the verbs that answer print their tables: for people, as CSV, as LaTeX."""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from suite.cli.say import fail

if TYPE_CHECKING:
    import pandas as pd

Csv = Annotated[bool, typer.Option("--csv", help="Print one table as CSV, with all digits, and nothing else.")]
Latex = Annotated[bool, typer.Option("--latex", help="Print one table as LaTeX, and nothing else.")]
Confidence = Annotated[float, typer.Option("--confidence", min=0.5, max=0.999, help="Of intervals and verdicts.")]


class Reach(StrEnum):
    """What a pooled interval holds for; the names are those of the analysis."""

    these = "these-tasks"
    new = "new-tasks"


Scope = Annotated[
    Reach, typer.Option("--scope", help="What pooled intervals hold for: seeds of these tasks, or new tasks.")
]


def one_form(**wanted: bool) -> None:
    """End with an error where more than one form is asked for."""
    named = [f"--{name}" for name, on in wanted.items() if on]
    if len(named) > 1:
        fail(2, f"{' and '.join(named)} exclude each other; ask for one")


def table(full: "pd.DataFrame", shown: "pd.DataFrame", title: str, *, as_csv: bool, as_latex: bool) -> bool:
    """Print the full table as CSV, or the one for people as LaTeX; False where neither is asked for."""
    if as_csv:
        from suite.spreadsheet import csv

        print(csv(full), end="")
    elif as_latex:
        from suite.latex import latex

        print(latex(shown, title))
    return as_csv or as_latex
