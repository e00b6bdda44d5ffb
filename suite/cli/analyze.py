"""The analysis of anybody's table of results."""

from pathlib import Path
from typing import Annotated

import typer

from suite import document
from suite.cli.arguments import Json
from suite.cli.say import fail


def analyze(
    table: Annotated[Path, typer.Argument(metavar="TABLE", help="A CSV, TSV or Parquet file, one run a row.")],
    unit: Annotated[str, typer.Option("--unit", help="The column that says which rows are comparable: seed, fold ...")],
    score: Annotated[str, typer.Option("--score", help="The column with the result.")],
    factors: Annotated[
        list[str] | None, typer.Option("--factor", help="A column that was varied, or NAME=REFERENCE. Repeatable.")
    ] = None,
    task: Annotated[
        str | None, typer.Option("--task", help="The column with the data set, if there are several.")
    ] = None,
    competitor: Annotated[
        str | None, typer.Option("--competitor", help="The column with the method, if several are to be ranked.")
    ] = None,
    lower: Annotated[bool, typer.Option("--lower", help="A lower result is better.")] = False,
    as_json: Json = False,
) -> None:
    """Analyse results from any tool: paired effects with intervals, interactions, ranks, and the finding."""
    from suite import report
    from suite.analysis.contrast import NORMALISED
    from suite.analysis.effects import effects
    from suite.analysis.finding import finding
    from suite.analysis.foreign import first, foreign, read
    from suite.analysis.interactions import interactions
    from suite.analysis.ranking import leaderboard
    from suite.display import console, printable, tabulate

    names = [name.partition("=")[0] for name in factors or ()]
    references = {name: level for name, equals, level in (f.partition("=") for f in factors or ()) if equals}
    try:
        rows, levels = foreign(
            read(table), unit=unit, score=score, factors=names, task=task, competitor=competitor, lower_is_better=lower
        )
        levels = first(levels, references)
        found, pairs = effects(rows, levels), interactions(rows, levels)
        board, sentence = leaderboard(rows, levels), finding(rows, levels)
        measured = str(rows["metric"].iloc[0])  # not normalised: nobody said what chance and perfection are
        found, pairs, board = (frame.assign(unit=measured) for frame in (found, pairs, board))
        sentence = sentence.replace(NORMALISED, measured)
    except ValueError as error:
        fail(2, str(error))
    if as_json:
        tables = {"effects": found, "interactions": pairs, "leaderboard": board}
        document.show({"table": str(table), "finding": sentence, **{k: document.rows(v) for k, v in tables.items()}})
        return
    out = console()
    out.print(printable(sentence))
    out.print()
    tabulate(out, report.effects(report.scope(found)), "Effects")
    if len(pairs):
        tabulate(
            out, report.interactions(report.scope(pairs)), "Interactions: how much one effect changes with the other"
        )
    if competitor:
        tabulate(out, report.leaderboard(board[board.task == "all"]), f"Ranks of {competitor}")
