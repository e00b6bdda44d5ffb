"""What a study answers: the effects of its tricks, and the leaderboard of its architectures."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from suite import document
from suite.cli import printed
from suite.cli.arguments import EACH, RUNS, ArchitectureFilter, Json, Runs, Swept, TaskFilter
from suite.cli.printed import Confidence, Csv, Latex, Reach, Scope
from suite.cli.say import choose, suggest

if TYPE_CHECKING:
    import pandas as pd

    from suite.answer import Answer


def effects(
    study: Swept = None,
    task: TaskFilter = None,
    architecture: ArchitectureFilter = None,
    factor: Annotated[str | None, typer.Option("--factor", help="A factor. [default: all]")] = None,
    scope: Scope = Reach.these,
    confidence: Confidence = 0.95,
    runs: Runs = RUNS,
    as_csv: Csv = False,
    as_latex: Latex = False,
    as_json: Json = False,
) -> None:
    """Say what each trick changes: paired effects with intervals, and how they interact."""
    from suite import report
    from suite.display import console, printable, tabulate

    printed.one_form(csv=as_csv, latex=as_latex, json=as_json)
    name, answer = answered(runs, study)
    rows = _scoped(answer.effects_for(scope.value, confidence), answer, task, architecture)
    pairs = _scoped(answer.interactions_for(confidence), answer, task, architecture)
    if factor:
        choose("factor", factor, tuple(answer.plan.factors))
        rows = rows[rows.factor == factor]
        pairs = pairs[(pairs.factor_a == factor) | (pairs.factor_b == factor)]
    if as_json:
        tables = {"effects": document.rows(rows), "interactions": document.rows(pairs)}
        asked = {"scope": scope.value, "confidence": confidence, "margin": answer.plan.margin}
        said = {"finding": answer.finding, "tuning": answer.searching or None}
        document.show({"study": name, "records": answer.counts, **asked, **said, **tables})
        return
    over = "for these tasks" if scope is Reach.these else "for new tasks"
    title = f"Effects {over}, in {answer.coverage}"
    if printed.table(rows, report.effects(rows), title, as_csv=as_csv, as_latex=as_latex):
        return
    out = console()
    out.print(printable(answer.finding))
    report.searching(out, answer)
    out.print()
    tabulate(out, report.effects(rows), title)
    if scope is Reach.new and len(answer.plan.tasks) == 1:
        out.print("One task says nothing of new tasks; the interval for this one: --scope these-tasks")
    if len(pairs):
        tabulate(out, report.interactions(pairs), "Interactions: how much one effect changes with the other")
    suggest(runs, ["effects", name, "--task", EACH], ["leaderboard", name], *_tuned(answer, name))


def verdicts(
    study: Swept = None, runs: Runs = RUNS, as_csv: Csv = False, as_latex: Latex = False, as_json: Json = False
) -> None:
    """Answer each claim that the study states: supported, refuted, equivalent or inconclusive, with the evidence."""
    import pandas as pd

    from suite import report
    from suite.display import console, printable

    printed.one_form(csv=as_csv, latex=as_latex, json=as_json)
    name, answer = answered(runs, study)
    given = answer.plan.given or name
    if as_csv or as_latex:
        from suite.export.tables import claims

        rows = claims(answer.verdicts)
        printed.table(rows, report.verdicts(answer.verdicts), f"Claims of {name}", as_csv=as_csv, as_latex=as_latex)
        return
    if as_json:
        judged = [
            {
                "id": found.claim.id,
                "says": found.claim.says,
                "source": found.claim.source,
                "expects": found.claim.expects,
                "margin": found.claim.margin,
                "verdict": found.verdict,
                "effect": found.effect,
                "low": found.low,
                "high": found.high,
                "p_holm": found.p_holm,
                "unit": found.unit,
                "n_seeds": found.n_seeds,
                "n_tasks": found.n_tasks,
                "n_pairs": found.n_pairs,
                "n_missing": found.n_missing,
            }
            for found in answer.verdicts
        ]
        told = document.rows(pd.DataFrame(judged))
        document.show({"study": name, "records": answer.counts, "verdicts": told, "again": f"wonderland sweep {given}"})
        return
    out = console()
    if not answer.plan.claims:
        out.print(f"{name} states no claims", soft_wrap=True)
    for found in answer.verdicts:
        out.print(printable(found.sentence), style="bold", soft_wrap=True)
        out.print(printable(f"  {found.claim.says} ({found.claim.source})"), soft_wrap=True)
    suggest(runs, ["sweep", given], ["effects", name])


def references(
    study: Swept = None, runs: Runs = RUNS, as_csv: Csv = False, as_latex: Latex = False, as_json: Json = False
) -> None:
    """Show our scores beside published ones, where a task has them for the architecture."""
    from suite import report
    from suite.display import console, tabulate

    printed.one_form(csv=as_csv, latex=as_latex, json=as_json)
    name, answer = answered(runs, study)
    if as_json:
        rows = document.rows(answer.references)
        document.show({"study": name, "records": answer.counts, "references": rows})
        return
    title = f"Published scores beside {name}"
    shown = report.references(answer.references)
    if printed.table(answer.references, shown, title, as_csv=as_csv, as_latex=as_latex):
        return
    if answer.references.empty:
        console().print(f"{name} has no architecture with a published score", soft_wrap=True)
    else:
        tabulate(console(), shown, title)
    suggest(runs, ["leaderboard", name, "--task", EACH])


def leaderboard(
    study: Swept = None,
    task: TaskFilter = None,
    baselines: Annotated[
        bool, typer.Option("--baselines", help="Fit forests, boosting, SVMs and the like on the same splits beside it.")
    ] = False,
    confidence: Confidence = 0.95,
    runs: Runs = RUNS,
    as_csv: Csv = False,
    as_latex: Latex = False,
    as_json: Json = False,
) -> None:
    """Rank the architectures, each at the setting that validation chose; who cannot be told apart shares a letter."""
    from suite import report
    from suite.display import console, printable, tabulate

    printed.one_form(csv=as_csv, latex=as_latex, json=as_json)
    name, answer = answered(runs, study)
    rows = _scoped(answer.leaderboard_for(confidence), answer, task, None)
    beside = _baselines(answer, task) if baselines else None
    if as_json:
        classical = {} if beside is None else {"baselines": document.rows(beside)}
        ranked = {"leaderboard": document.rows(rows), "tuning": answer.searching or None}
        document.show({"study": name, "records": answer.counts, **ranked, **classical})
        return
    title = f"Leaderboard of {name}, from {answer.coverage}"
    if printed.table(rows, report.leaderboard(rows), title, as_csv=as_csv, as_latex=as_latex):
        return
    out = console()
    out.print(printable(answer.standing), soft_wrap=False)
    report.searching(out, answer)
    tabulate(out, report.leaderboard(rows), title)
    if beside is not None:
        tabulate(out, report.baselines(beside), "Classical baselines on the same splits")
    suggest(runs, ["leaderboard", name, "--task", EACH], ["effects", name], *_tuned(answer, name), ["dashboard"])


def _baselines(answer: "Answer", task: str | None) -> "pd.DataFrame":
    from suite.baselines import board

    tasks = answer.plan.tasks if task in (None, EACH) else (str(task),)
    return board(tasks, range(answer.plan.seeds))


def _tuned(answer: "Answer", name: str) -> list[list[str]]:
    return [["tuning", name]] if answer.searching else []


def answered(runs: Path, study: str | None) -> tuple[str, "Answer"]:
    """The study asked for, or the last one, and its answer."""
    from suite.answer import answer, last_study
    from suite.store import Store

    store = Store(runs)
    name = study or last_study(store)
    return name, answer(store, name)


def _scoped(frame: "pd.DataFrame", answer: "Answer", task: str | None, architecture: str | None) -> "pd.DataFrame":
    from suite.answer import ALL

    for column, wanted, known in (
        ("task", task, answer.plan.tasks),
        ("architecture", architecture, answer.plan.architectures),
    ):
        if column == "architecture" and "factor" not in frame and "factor_a" not in frame:
            continue  # a leaderboard's rows are architectures
        if wanted == EACH:
            frame = frame[frame[column] != ALL]
            continue
        if wanted is not None:
            choose(column, wanted, known)
        frame = frame[frame[column] == (wanted or ALL)]
    return frame
