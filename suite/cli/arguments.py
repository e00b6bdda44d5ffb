"""The arguments and options that several verbs share."""

from pathlib import Path
from typing import Annotated

import typer

from suite.cli import completion, names

Runs = Annotated[Path, typer.Option("--runs", envvar="WONDERLAND_RUNS", is_eager=True, help="The folder of the store.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
ToRun = Annotated[
    str,
    typer.Argument(
        metavar="STUDY",
        help="A study's name, the start of it, or the path of its .py or .json file.",
        autocompletion=completion.studies,
        callback=names.known_study,
    ),
]
Swept = Annotated[
    str | None,
    typer.Argument(
        metavar="[STUDY]",
        help="A study in the store, or the start of its name. [default: the last one]",
        autocompletion=completion.swept,
        callback=names.swept_study,
    ),
]
Slots = Annotated[int | None, typer.Option(min=1, help="Trials at a time. [default: one per core]")]
Fused = Annotated[
    int, typer.Option("--fused", min=1, help="Train up to so many alike together, for an accelerator. [default: alone]")
]
TaskFilter = Annotated[
    str | None, typer.Option("--task", help="A task, or `each`. [default: pooled]", autocompletion=completion.tasks)
]
ArchitectureFilter = Annotated[
    str | None,
    typer.Option(
        "--architecture", help="An architecture, or `each`. [default: pooled]", autocompletion=completion.architectures
    ),
]
Id = Annotated[
    str,
    typer.Argument(
        metavar="ID",
        help="A trial's id, or the first four or more of its characters.",
        autocompletion=completion.ids,
    ),
]
Only = Annotated[
    list[str] | None,
    typer.Option(
        "--only", metavar="KEY=VALUE", help="Only this: task=image, architecture=mlp, norm=rms ... Repeatable."
    ),
]
Skip = Annotated[list[str] | None, typer.Option("--skip", metavar="KEY=VALUE", help="All but this. Repeatable.")]
Seeds = Annotated[int | None, typer.Option("--seeds", min=1, help="Instead of the study's own number.")]
All = Annotated[bool, typer.Option("--all", help="Show all rows.")]
Deadline = Annotated[
    float, typer.Option(min=1.0, help="Seconds that a trial may take. What timed out after less is run again.")
]
Retry = Annotated[bool, typer.Option("--retry", help="Run trials again that crashed, timed out or ran out of memory.")]
Yes = Annotated[bool, typer.Option("--yes", envvar="WONDERLAND_YES", help="Do not ask.")]
RUNS = Path("runs")
EACH = "each"
DEADLINE = 3600.0  # seconds, as in suite.settings, whose import would hold up --help
