"""What every arm of a tuned study chose for itself."""

from suite import document
from suite.cli import printed
from suite.cli.answers import answered
from suite.cli.arguments import EACH, RUNS, ArchitectureFilter, Json, Runs, Swept, TaskFilter
from suite.cli.printed import Csv, Latex
from suite.cli.say import choose, suggest


def tuning(
    study: Swept = None,
    task: TaskFilter = None,
    architecture: ArchitectureFilter = None,
    runs: Runs = RUNS,
    as_csv: Csv = False,
    as_latex: Latex = False,
    as_json: Json = False,
) -> None:
    """Show what every arm of a study with `tune` chose for itself on validation, and what the search took."""
    from suite import report
    from suite.display import console, tabulate

    printed.one_form(csv=as_csv, latex=as_latex, json=as_json)
    name, answer = answered(runs, study)
    rows = answer.search
    for column, wanted, known in (
        ("task", task, answer.plan.tasks),
        ("architecture", architecture, answer.plan.architectures),
    ):
        if wanted not in (None, EACH):
            choose(column, str(wanted), known)
            rows = rows[rows[column] == wanted]
    if as_json:
        tune = {one: list(levels) for one, levels in answer.plan.tune.items()}
        said = {"tune": tune, "said": answer.searching or None, "chosen": document.rows(rows)}
        document.show({"study": name, "records": answer.counts, **said})
        return
    if printed.table(rows, report.tuning(rows), f"What each arm of {name} chose", as_csv=as_csv, as_latex=as_latex):
        return
    out = console()
    if answer.plan.tune:
        report.searching(out, answer)
        tabulate(out, report.tuning(rows), "What each arm chose")
    else:
        out.print(f"{name} tunes nothing: every arm was run at the settings that the study gives", soft_wrap=True)
    suggest(runs, *(["show", id] for id in rows["id"].head(1)), ["effects", name])
