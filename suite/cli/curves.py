"""How the arms of a study learned."""

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from suite import document
from suite.cli import printed
from suite.cli.answers import answered
from suite.cli.arguments import EACH, RUNS, Json, Runs, Swept, TaskFilter
from suite.cli.printed import Csv, Latex
from suite.cli.say import choose, suggest

if TYPE_CHECKING:
    import pandas as pd

    from suite.answer import Answer


def curves(
    study: Swept = None,
    task: TaskFilter = None,
    arms: Annotated[
        list[str] | None,
        typer.Option(
            "--arm", help="An arm, as this command names it. Repeatable. [default: the top 3 and a reference]"
        ),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="All arms of the study.")] = False,
    measure: Annotated[
        Literal["valid", "loss"], typer.Option("--measure", help="The score on validation, or the loss in training.")
    ] = "valid",
    runs: Runs = RUNS,
    as_csv: Csv = False,
    as_latex: Latex = False,
    as_json: Json = False,
) -> None:
    """Show how arms learned: where they ended as means over seeds with intervals; --csv and --json have every step."""
    from suite import learning, report
    from suite.display import console, tabulate

    printed.one_form(csv=as_csv, latex=as_latex, json=as_json)
    name, answer = answered(runs, study)
    known = learning.arms(answer)
    names, tasks = _arms(answer, known, task, arms, every), _tasks(answer, task)
    found = learning.curves(answer, known, names, tasks, measure)
    if as_json:
        ends = document.rows(learning.ends(found))
        asked = {"measure": measure, "arms": names, "of_arms": len(known)}
        document.show(
            {"study": name, "records": answer.counts, **asked, "ends": ends, "means": document.rows(found.means)}
        )
        return
    shown = report.curves(found)
    title = f"{'Validation score' if measure == 'valid' else 'Training loss'} at the last step, in {answer.coverage}"
    if printed.table(found.means, shown, title, as_csv=as_csv, as_latex=as_latex):
        return
    out = console()
    if shown.empty:
        out.print("none of these runs kept a learning curve", soft_wrap=True)
    else:
        tabulate(out, shown, title)
    if len(names) < len(known):
        out.print(f"{len(names)} of {len(known):,} arms; --all shows the rest, --arm NAME one", soft_wrap=True)
    suggest(runs, ["leaderboard", name], ["cost", name])


def _tasks(answer: "Answer", task: str | None) -> list[str]:
    if task not in (None, EACH):
        choose("task", str(task), answer.plan.tasks)
        return [str(task)]
    return [name for name in answer.plan.tasks if (answer.table["task"] == name).any()]


def _arms(answer: "Answer", known: "pd.DataFrame", task: str | None, arms: list[str] | None, every: bool) -> list[str]:
    """The arms asked for, in the study's order; without any, those worth seeing first."""
    from suite import learning
    from suite.answer import ALL

    for name in arms or ():
        choose("arm", name, tuple(known["arm"]))
    if every:
        return list(known["arm"])
    scope = ALL if task in (None, EACH) else str(task)
    wanted = arms or learning.preselected(answer, known, learning.board_task(answer, scope))
    return [name for name in known["arm"] if name in set(wanted)]
