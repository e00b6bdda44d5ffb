"""The command line as a whole: its verbs, and how it ends."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from suite.cli import answers, catalogue, run, serve, store, trials
from suite.cli.analyze import analyze
from suite.cli.say import fail

EXIT_CODES = """Exit codes: 0 ok, 1 a bug of ours, 2 wrong usage or study, 3 some trials did not finish,
4 disk, permission or port, 5 somebody else sweeps this study, 6 no such record or a damaged store,
7 Ray was lost, 8 not reproduced, 130 Ctrl-C, 143 terminated."""

app = typer.Typer(
    epilog=EXIT_CODES,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def main() -> None:
    """Run the command line. What a person can cause ends in one message and an exit code of its own."""
    _stand_in()
    try:
        app()
    except BrokenPipeError:  # whoever read our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        raise SystemExit(0) from None
    except OSError as error:
        fail(4, f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}{_room(error)}")
    except Exception as error:
        code = getattr(error, "exit_code", None)
        if code is None or os.environ.get("WONDERLAND_DEBUG"):
            raise
        fail(code, str(error))


def _version(wanted: bool) -> None:
    from importlib.metadata import version

    if wanted:
        print(", ".join(f"{name} {version(name)}" for name in ("wonderland", "torch", "ray", "mlflow")))
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the versions that matter.")
    ] = False,
) -> None:
    """Ablations and benchmarks of neural networks, with statistics that hold."""


app.command("list")(catalogue.list_)
app.command()(catalogue.fetch)
app.command()(run.plan)
app.command()(run.sweep)
app.command()(run.status)
app.command()(answers.effects)
app.command()(answers.leaderboard)
app.command()(answers.verdicts)
app.command()(answers.references)
app.command()(analyze)
app.command()(trials.show)
app.command()(trials.explain)
app.command()(trials.reproduce)
app.command()(store.sync)
app.command()(store.verify)
app.command()(serve.dashboard)


def _stand_in() -> None:
    """Where standard input, output or error is closed, nothing takes its place, instead of the next file we open."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free
    sys.stdin, sys.stdout, sys.stderr = (
        stream or open(number, mode, closefd=False)  # noqa: SIM115
        for number, mode, stream in ((0, "r", sys.stdin), (1, "w", sys.stdout), (2, "w", sys.stderr))
    )


def _room(error: OSError) -> str:
    """How much room there is where it happened."""
    path = Path(os.fsdecode(error.filename) if isinstance(error.filename, str | bytes) else ".").absolute()
    there = next((place for place in (path, *path.parents) if place.exists()), Path("/"))
    try:
        disk = os.statvfs(there)
    except OSError:
        return ""
    files = f", room for {disk.f_favail} files" if 0 <= disk.f_favail < 1000 and disk.f_files else ""
    return f" ({disk.f_bavail * disk.f_frsize / 2**20:.0f} MiB free{files})"
