"""Whether a better score is worth what it takes."""

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

EVERY = "all"


def cost(
    study: Swept = None,
    task: TaskFilter = None,
    by: Annotated[
        Literal["parameters", "flops", "seconds"], typer.Option("--cost", help="What is paid.")
    ] = "parameters",
    machine: Annotated[
        str | None,
        typer.Option(
            "--machine", help="Records of one machine, or `all`. [default: all; of seconds, the one with most records]"
        ),
    ] = None,
    runs: Runs = RUNS,
    as_csv: Csv = False,
    as_latex: Latex = False,
    as_json: Json = False,
) -> None:
    """Show score against cost: who cannot be had better for less, and in how many other draws of the seeds."""
    from suite import report, spending
    from suite.display import console, tabulate

    printed.one_form(csv=as_csv, latex=as_latex, json=as_json)
    name, whole = answered(runs, study)
    there = spending.machines(whole)
    if machine not in (None, EVERY):
        choose("machine", str(machine), tuple(there))
    elif machine is None and by == spending.BY_MACHINE and len(there) > 1:
        machine = next(iter(there))
    answer = whole if machine in (None, EVERY) else spending.on(whole, str(machine))
    rows = _rows(answer, task, by)
    if as_json:
        asked = {"cost": by, "machine": None if machine == EVERY else machine, "machines": there}
        document.show({"study": name, "records": answer.counts, **asked, "competitors": document.rows(rows)})
        return
    title = f"Score against {report.COST_NAMES[by]}, in {answer.coverage}"
    if printed.table(rows, report.spending(rows, by), title, as_csv=as_csv, as_latex=as_latex):
        return
    out = console()
    if rows.empty:
        out.print("nobody has finished every task that is asked for; --task names one", soft_wrap=True)
    else:
        tabulate(out, report.spending(rows, by), title)
    if by == spending.BY_MACHINE and len(there) > 1:
        which = "all" if machine == EVERY else f"those on {machine}"
        said = "; ".join(f"{one} ({count:,} records)" for one, count in there.items())
        out.print(f"Seconds of different machines cannot be compared; these are {which} of: {said}", soft_wrap=True)
    suggest(runs, ["cost", name, "--task", EACH], ["leaderboard", name])


def _rows(answer: "Answer", task: str | None, cost: str) -> "pd.DataFrame":
    """The front first, then those that it beats, the cheapest first in both; task by task where each is asked for."""
    import pandas as pd

    from suite import spending
    from suite.answer import ALL

    tasks = [name for name in answer.plan.tasks if (answer.table["task"] == name).any()]
    if task not in (None, EACH):
        choose("task", str(task), answer.plan.tasks)
    whole = tasks if len(tasks) == 1 else [ALL]  # one task is in its own metric
    wanted = tasks if task == EACH else whole if task is None else [str(task)]
    parts = [spending.entries(answer, name, cost) for name in wanted]
    return pd.concat([part.sort_values(["front", "paid"], ascending=[False, True]) for part in parts])
