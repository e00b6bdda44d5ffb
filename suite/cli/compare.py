"""Who is better inside a study: aggregates, ranks, pairs and strengths; or what moved between two."""

from typing import TYPE_CHECKING, Annotated

import typer

from suite import document
from suite.cli import completion, names, printed
from suite.cli.answers import answered
from suite.cli.arguments import RUNS, All, Json, Runs, Swept
from suite.cli.moved import moved
from suite.cli.printed import Confidence, Csv, Latex
from suite.cli.say import choose, fail, suggest

if TYPE_CHECKING:
    from suite.analysis.comparison import Comparison

ARCHITECTURE, PAIRWISE = "architecture", "pairwise"
TABLES = ("aggregates", "ranks", "pairwise", "bradley_terry")


def compare(
    study: Swept = None,
    other: Annotated[
        str | None,
        typer.Argument(
            metavar="[OTHER]",
            help="What to compare with, run by run: another study, STUDY@COMMIT, or a folder with a study.",
            autocompletion=completion.swept,
            callback=names.swept_study,
        ),
    ] = None,
    by: Annotated[
        str | None, typer.Option("--by", help="`architecture`, or a factor. [default: what there are several of]")
    ] = None,
    task: Annotated[str | None, typer.Option("--task", help="One task. [default: all together]")] = None,
    part: Annotated[
        str, typer.Option("--table", help=f"What --csv and --latex print: {', '.join(TABLES)}.")
    ] = PAIRWISE,
    margin: Annotated[
        float | None,
        typer.Option("--margin", min=0.0, help="With OTHER: what differs by less is the same. [default: the study's]"),
    ] = None,
    fail_on_regression: Annotated[
        bool,
        typer.Option("--fail-on-regression", help="With OTHER: exit with 1 where something got worse, or stopped."),
    ] = False,
    everything: All = False,
    confidence: Confidence = 0.95,
    runs: Runs = RUNS,
    as_csv: Csv = False,
    as_latex: Latex = False,
    as_json: Json = False,
) -> None:
    """Compare all with all inside a study; or a study with OTHER, run by run: what moved, and whether it got worse.

    Inside a study: interquartile means, average ranks, who beats whom how often, and strengths. With OTHER, runs of the
    same task, architecture, setting and seed are pairs. STUDY and OTHER are studies of the store, folders of studies or
    of exported ones, and STUDY@COMMIT as it stood then.
    """
    printed.one_form(csv=as_csv, latex=as_latex, json=as_json)
    if other is not None and study is not None:
        if by is not None or part != PAIRWISE:
            fail(2, "--by and --table look inside one study; leave them out, or name one study")
        moved(
            runs, study, other, task, margin, confidence, fail_on_regression=fail_on_regression,
            everything=everything, as_csv=as_csv, as_latex=as_latex, as_json=as_json,
        )  # fmt: skip
        return
    if fail_on_regression or margin is not None:
        fail(2, "--fail-on-regression and --margin need two studies", "wonderland compare STUDY OTHER")
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
