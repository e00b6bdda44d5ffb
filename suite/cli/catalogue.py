"""What there is: tasks, architectures, factors, studies, and the data of tasks."""

from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from suite import document
from suite.cli.arguments import Json
from suite.cli.say import choose

if TYPE_CHECKING:
    from tasks.task import Form


def list_(
    kind: Annotated[
        Literal["all", "tasks", "architectures", "factors", "studies"], typer.Argument(help="What to list.")
    ] = "all",
    as_json: Json = False,
) -> None:
    """List the tasks, architectures, factors with their levels, and studies there are."""
    from suite import catalog
    from suite.trial import choices

    found: dict[str, list[dict[str, str]]] = {
        "tasks": [_task_row(name) for name in catalog.task_names()],
        "architectures": [
            {"name": name, "accepts": ", ".join(catalog.architecture(name).ACCEPTS)}
            for name in catalog.architecture_names()
        ],
        "factors": [{"name": name, "levels": levels} for name, levels in choices().items()],
        "studies": [
            {"name": name, "question": " ".join(catalog.first_line("ablations", name).split())}
            for name in catalog.study_names()
        ],
    }
    chosen: dict[str, Any] = {**found} if kind == "all" else {kind: found[kind]}
    if as_json:
        document.show(chosen)
        return
    import pandas as pd

    from suite.display import console, tabulate

    for title, rows in chosen.items():
        tabulate(console(), pd.DataFrame(rows), title.capitalize())


def fetch(
    tasks: Annotated[list[str] | None, typer.Argument(metavar="[TASK]...", help="Tasks. [default: all]")] = None,
) -> None:
    """Fetch the data of tasks now, so that they need no network later."""
    from suite import catalog
    from suite.display import console
    from tasks.fetch import FetchError, fetch, folder, is_here

    for name in tasks or ():
        choose("task", name, catalog.task_names())
    failed = 0
    for name in tasks or catalog.task_names():
        files = catalog.task(name).files
        if not files:
            continue
        there = all(map(is_here, files))
        try:
            fetch(*files)
        except FetchError as error:
            failed += 1
            console().print(f"{name}  {error}", soft_wrap=True, markup=False)
            continue
        console().print(f"{name}  {'is there' if there else 'fetched'}", soft_wrap=True)
    console(stderr=True).print(f"data is kept in {folder()}", soft_wrap=True)
    if failed:
        raise SystemExit(4)


def _task_row(name: str) -> dict[str, str]:
    from suite import catalog

    task = catalog.task(name)
    shape = " + ".join(map(_shape, task.forms))
    return {"name": name, "shape": shape, "metric": task.metric, "chance": f"{task.chance:g}", "source": task.source}


def _shape(form: "Form") -> str:
    text = " x ".join(map(str, form.shape))
    if form.vocabulary:
        return f"{text} tokens of {form.vocabulary}"
    return f"graph, {text} per node" if form.data == "graph" else text
