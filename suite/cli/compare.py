"""Who is better: aggregates, ranks, pairs and strengths of architectures, or of the levels of a factor."""

from typing import TYPE_CHECKING, Annotated

import typer

from suite import document
from suite.cli import printed
from suite.cli.answers import answered
from suite.cli.arguments import RUNS, Json, Runs, Swept
from suite.cli.printed import Confidence, Csv, Latex
from suite.cli.say import choose, fail, suggest

if TYPE_CHECKING:
    from suite.analysis.comparison import Comparison

ARCHITECTURE = "architecture"
TABLES = ("aggregates", "ranks", "pairwise", "bradley_terry")


def compare(
    study: Swept = None,
    by: Annotated[
        str | None, typer.Option("--by", help="`architecture`, or a factor. [default: what there are several of]")
    ] = None,
    task: Annotated[str | None, typer.Option("--task", help="One task. [default: all together]")] = None,
    part: Annotated[
        str, typer.Option("--table", help=f"What --csv and --latex print: {', '.join(TABLES)}.")
    ] = "pairwise",
    confidence: Confidence = 0.95,
    runs: Runs = RUNS,
    as_csv: Csv = False,
    as_latex: Latex = False,
    as_json: Json = False,
) -> None:
    """Compare all with all: interquartile means, average ranks, who beats whom how often, and strengths."""
    printed.one_form(csv=as_csv, latex=as_latex, json=as_json)
    name, answer = answered(runs, study)
    if by is not None:
        choose("factor to compare by", by, (ARCHITECTURE, *answer.plan.factors))
    if task is not None:
        choose("task", task, answer.plan.tasks)
    choose("table", part, TABLES)
    try:
        told = answer.compare(by or answer.comparison.field.by, task, confidence)
    except ValueError as error:
        fail(2, str(error))
    if as_json:
        tables = {one: document.rows(getattr(told, one)) for one in (*TABLES, "profiles")}
        omnibus = None if told.friedman is None else vars(told.friedman)
        asked = {"by": told.field.by, "rope": told.rope, "confidence": confidence}
        document.show({"study": name, "records": answer.counts, **asked, "friedman": omnibus, **tables})
        return
    from suite import versus

    title = f"{part.replace('_', ' ')} by {told.field.by}, in {answer.coverage}"
    shown = versus.SHOWN[part](getattr(told, part))
    if not printed.table(getattr(told, part), shown, title, as_csv=as_csv, as_latex=as_latex):
        _show(told, answer.coverage)
        suggest(runs, ["leaderboard", name], ["effects", name])


def _show(told: "Comparison", coverage: str) -> None:
    from suite import versus
    from suite.display import console, printable, tabulate

    out = console()
    out.print(printable(versus.headline(told)), soft_wrap=False)
    for part, title in versus.TITLES.items():
        rows = getattr(told, part)
        if len(rows):
            tabulate(out, versus.SHOWN[part](rows), title)
    for note in versus.notes(told):
        out.print(note, style="dim", soft_wrap=False)
    out.print(f"From {coverage}.", style="dim")
