"""A file to start from."""

import shlex
from typing import Annotated, Literal

import typer

from suite import document
from suite.cli import completion
from suite.cli.arguments import RUNS, Json
from suite.cli.say import suggest


def new(
    kind: Annotated[Literal["architecture", "task", "study"], typer.Argument(help="What to begin.")],
    name: Annotated[str, typer.Argument(help="Its name; of a task, with its data type before it: image/stripes.")],
    task: Annotated[
        list[str] | None,
        typer.Option("--task", help="A task that the study is about. Repeatable.", autocompletion=completion.tasks),
    ] = None,
    architecture: Annotated[
        list[str] | None,
        typer.Option(
            "--architecture",
            help="An architecture that the study is about. Repeatable.",
            autocompletion=completion.architectures,
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Write the one file that a new architecture, task or study is; it runs as it is, and is yours to change."""
    if kind != "study" and (task or architecture):
        raise typer.BadParameter("only a study is about tasks and architectures", param_hint="--task, --architecture")
    from suite.scaffold.begin import begin

    path = begin(kind, name, tasks=task or (), architectures=architecture or ())
    again = {
        "architecture": [["new", "study", f"try_{name}", "--architecture", name], ["plan", f"try_{name}"]],
        "task": [["new", "study", f"try_{name.rpartition('/')[2]}", "--task", name]],
        "study": [["plan", name], ["sweep", name]],
    }[kind]
    if as_json:
        next_ = [shlex.join(["wonderland", *words]) for words in again]
        document.show({"kind": kind, "name": name, "file": str(path), "next": next_})
        return
    print(path)
    suggest(RUNS, *again)
