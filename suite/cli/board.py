"""The published board: seeing it, and entering it."""

import io
import sys
from contextlib import redirect_stdout
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from suite import document
from suite.cli import completion, printed
from suite.cli.arguments import EACH, RUNS, Json, Runs, Slots, Yes
from suite.cli.printed import Csv, Latex
from suite.cli.say import choose, suggest

if TYPE_CHECKING:
    from suite.board.standing import Standing
    from suite.board.submission import Submission

FOLDER = "submissions"  # in the store
SENT = ".jsonl"

Which = Annotated[
    str, typer.Option("--board", help="A study with its rows beside it, by name or .py file; or a .jsonl file of rows.")
]
PUBLISHED = "leaderboard"


def board(
    scope: Annotated[
        str | None,
        typer.Argument(
            metavar="[TASK]",
            help="A task, or `each`. [default: the tasks that the same entries accept, together]",
            autocompletion=completion.tasks,
        ),
    ] = None,
    which: Which = PUBLISHED,
    as_csv: Csv = False,
    as_latex: Latex = False,
    as_json: Json = False,
) -> None:
    """Show the published board: rank intervals from its records, who is in quarantine and why, what stands beside."""
    from suite.board import report
    from suite.board.look import look

    printed.one_form(csv=as_csv, latex=as_latex, json=as_json)
    standing = look(which)
    scopes = _scopes(standing, scope)
    if as_json:
        document.show(report.whole(standing, scopes))
    elif as_csv or as_latex:
        import pandas as pd

        full = pd.concat([standing.ranking(name) for name in scopes], ignore_index=True)
        shown = report.ranking(full)
        if len(scopes) > 1:
            shown.insert(0, "scope", full["scope"])
        printed.table(full, shown, report.heading(standing), as_csv=as_csv, as_latex=as_latex)
    else:
        _show(standing, scopes)
        other = [] if which == PUBLISHED else ["--board", which]
        suggest(RUNS, ["board", EACH, *other], ["submit", "ARCHITECTURE", *other])


def submit(
    what: Annotated[
        str | None,
        typer.Argument(
            metavar="[ARCHITECTURE]",
            help="An architecture; or a .jsonl file that somebody sent in, to check it.",
            autocompletion=completion.architectures,
        ),
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--file", help="Your architecture's .py file, to be put where they are found.")
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="All that the store holds of the board's study, and classical baselines.")
    ] = False,
    publish: Annotated[bool, typer.Option("--publish", help="Add the rows to the board's file.")] = False,
    entry: Annotated[
        str | None, typer.Option("--entry", help="The name on the board. [default: the architecture's]")
    ] = None,
    by: Annotated[str | None, typer.Option("--by", help="Who publishes. [default: your user name]")] = None,
    which: Which = PUBLISHED,
    runs: Runs = RUNS,
    slots: Slots = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Run the board's protocol for an architecture, check the rows by the rules, and say where it would land.

    The rows go to a file in runs/submissions/, and with --publish to the board. What is run already is not run again.
    """
    if sum(map(bool, (what, file, every))) != 1:
        raise typer.BadParameter("give one of the three", param_hint="ARCHITECTURE, --file, --all")
    from suite.board.protocol import path

    name = what or (_adopted(file) if file else "all")
    if not every and not name.endswith(SENT):
        _run(name, which, runs, slots, yes)
    made = _made(name, entry or name, by, which, runs, anew=every)
    written = None if name.endswith(SENT) else runs / FOLDER / f"{entry or name}{SENT}"
    if written:
        made.write(written)
    wrong = bool(made.findings)
    added = made.publish(path(which)) if publish and (every or not wrong) else 0
    if as_json:
        _document(made, written, added)
    else:
        _say(made, written, added, which)
    if wrong:
        raise SystemExit(3)


def _adopted(file: Path) -> str:
    """The name of the architecture in somebody's file, now that it lies where architectures are found."""
    from suite.board.newcomer import adopt

    target = adopt(file)
    print(f"{file} is in {target}", file=sys.stderr)
    return target.stem


def _run(architecture: str, which: str, runs: Path, slots: int | None, yes: bool) -> None:
    """Sweep the board's study for this architecture alone, as `wonderland sweep` does; it says nothing here itself."""
    from suite import catalog
    from suite.board.protocol import board_study, of_one
    from suite.cli.run import sweep
    from suite.disk import replace_file

    choose("architecture", architecture, catalog.architecture_names())
    study = of_one(board_study(which), architecture)
    restricted = runs / FOLDER / f"submit-{architecture}.json"
    replace_file(restricted.absolute(), study.model_dump_json(indent=1).encode())
    try:
        with redirect_stdout(io.StringIO()):
            sweep(str(restricted), runs=runs, slots=slots, yes=yes, as_json=True)
    except SystemExit as ending:
        if ending.code != 3:  # a trial that did not finish is a result as well
            raise


def _made(name: str, entry: str, by: str | None, which: str, runs: Path, *, anew: bool) -> "Submission":
    """What is to be added, and to what."""
    import getpass

    from suite.board import publication
    from suite.board.line import stamped
    from suite.board.protocol import board_study, facts, path
    from suite.board.submission import begun, read
    from suite.store import Store

    study, store = board_study(which), Store(runs)
    here = facts(study)
    stamp = stamped(here, by or getpass.getuser())
    begin = begun(path(which), here, stamp, anew=anew)
    if name.endswith(SENT):
        lines, broken = read(Path(name))
        return replace(begin, lines=lines, broken=broken)
    if anew:
        return replace(begin, lines=tuple(publication.everything(store, study, begin.there, stamp, _aside)))
    return replace(begin, lines=tuple(publication.one(store, study, name, entry, begin.there, stamp)))


def _scopes(standing: "Standing", scope: str | None) -> list[str]:
    tasks = list(standing.board.facts.tasks)
    together = [name for name in standing.scopes if name not in tasks]
    if scope == EACH:
        return tasks
    if scope is None:
        return together or tasks
    choose("task", scope, tuple(standing.scopes))
    return [scope]


def _show(standing: "Standing", scopes: list[str]) -> None:
    from suite.board import beside, report
    from suite.display import console, printable, tabulate
    from suite.report import baselines

    out = console()
    out.print(printable(report.heading(standing)), style="bold", soft_wrap=True)
    for scope in scopes:
        tabulate(out, report.ranking(standing.ranking(scope)), report.title(standing, scope))
    published, classical = (
        frame[frame["task"].isin(scopes)] for frame in (beside.references(standing), beside.classical(standing))
    )
    if len(published):
        tabulate(out, report.references(published), "Published scores beside ours")
    if len(classical):
        tabulate(out, baselines(classical), "Classical baselines on the same splits")
    if standing.findings:
        tabulate(out, report.quarantine(standing), "In quarantine, and not ranked")


def _say(made: "Submission", written: Path | None, added: int, which: str) -> None:
    from suite.board import report
    from suite.board.protocol import path
    from suite.display import console, printable, tabulate

    out = console()
    wrong = {finding.entry for finding in made.findings}
    clean = [name for name in made.entries if name not in wrong]
    for name in clean if len(clean) == 1 else ():
        for _, row in made.landing(name).iterrows():
            out.print(printable(report.landing(name, row.to_dict())), soft_wrap=True)
    if len(clean) > 1:
        out.print(f"{len(clean)} entries have nothing against them", soft_wrap=True)
    if made.findings:
        tabulate(out, report.quarantine(made.standing), "Against the rules, and therefore not published")
    talk = console(stderr=True)
    if written:
        talk.print(f"the rows are in {written}", soft_wrap=True)
    if added:
        talk.print(f"{added} lines were added to {path(which)}", soft_wrap=True)
    other = [] if which == PUBLISHED else ["--board", which]
    again = ["submit", *(made.entries if len(made.entries) == 1 else ["--all"]), "--publish", *other]
    suggest(RUNS, ["board", *other] if added or made.findings else again)


def _document(made: "Submission", written: Path | None, added: int) -> None:
    wrong = {finding.entry for finding in made.findings}
    document.show(
        {
            "entries": list(made.entries),
            "findings": [finding._asdict() for finding in made.findings],
            "landing": {name: document.rows(made.landing(name)) for name in made.entries if name not in wrong},
            "file": str(written) if written else None,
            "published_lines": added,
        }
    )


def _aside(text: str) -> None:
    print(text, file=sys.stderr)
