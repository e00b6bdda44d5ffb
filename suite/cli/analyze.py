"""The analysis of anybody's table of results."""

from pathlib import Path
from typing import Annotated

import typer

from suite import document
from suite.cli import printed
from suite.cli.arguments import Json
from suite.cli.printed import Confidence, Csv, Latex, Reach, Scope
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
    margin: Annotated[float, typer.Option("--margin", min=0.0, help="Smaller differences do not matter.")] = 0.0,
    scope: Scope = Reach.these,
    confidence: Confidence = 0.95,
    as_csv: Csv = False,
    as_latex: Latex = False,
    as_json: Json = False,
) -> None:
    """Analyse results from any tool: paired effects with intervals, interactions, ranks, and the finding."""
    from suite import report, versus
    from suite.analysis import text
    from suite.analysis.comparison import Comparison
    from suite.analysis.contrast import NORMALISED
    from suite.analysis.effects import effects
    from suite.analysis.field import field
    from suite.analysis.finding import finding
    from suite.analysis.foreign import first, foreign, read
    from suite.analysis.interactions import interactions
    from suite.analysis.layout import Layout
    from suite.analysis.ranking import leaderboard
    from suite.display import console, printable, tabulate

    printed.one_form(csv=as_csv, latex=as_latex, json=as_json)
    layout = Layout(shared=task is not None, unit=unit)
    names = [name.partition("=")[0] for name in factors or ()]
    references = {name: level for name, equals, level in (f.partition("=") for f in factors or ()) if equals}
    try:
        rows, levels = foreign(
            read(table), unit=unit, score=score, factors=names, task=task, competitor=competitor, lower_is_better=lower
        )
        levels = first(levels, references)
        found = effects(rows, levels, layout=layout, confidence=confidence, reach=scope.value, margin=margin)
        pairs, board = (one(rows, levels, layout=layout, confidence=confidence) for one in (interactions, leaderboard))
        duels = Comparison(field(rows, levels), rope=margin, confidence=confidence).pairwise
        sentence = finding(rows, levels, layout=layout, margin=margin)
        measured = str(rows["metric"].iloc[0])  # not normalised: nobody said what chance and perfection are
        found, pairs, board = (frame.assign(unit=measured) for frame in (found, pairs, board))
        sentence = sentence.replace(NORMALISED, measured)
    except ValueError as error:
        fail(2, str(error))
    shown = report.effects(report.scope(found))
    if printed.table(found, shown, f"Effects in {table}", as_csv=as_csv, as_latex=as_latex):
        return
    if as_json:
        tables = {"effects": found, "interactions": pairs, "leaderboard": board, "pairwise": duels}
        document.show({"table": str(table), "finding": sentence, **{k: document.rows(v) for k, v in tables.items()}})
        return
    out = console()
    out.print(printable(sentence))
    out.print()
    if len(found):
        tabulate(out, shown, f"Effects in {text.count(len(rows), 'run')}")
    if len(pairs):
        tabulate(
            out, report.interactions(report.scope(pairs)), "Interactions: how much one effect changes with the other"
        )
    if competitor:
        tabulate(out, report.leaderboard(board[board.task == "all"]), f"Ranks of {competitor}")
        if len(duels):
            tabulate(out, versus.pairwise(duels), versus.TITLES["pairwise"])
