"""The command line as a whole: its verbs by purpose, and how it ends."""

import atexit
import gc
import os
import sys
import traceback
from typing import Annotated

import typer

from suite.cli import (
    analyze,
    answers,
    board,
    catalogue,
    cluster,
    compare,
    cost,
    coverage,
    curves,
    planning,
    run,
    serve,
    service,
    store,
    switches,
    trials,
    tuning,
    watch,
)
from suite.cli.completion import completion, prepare
from suite.cli.demo import demo
from suite.cli.doctor import doctor
from suite.cli.ending import end
from suite.cli.export import export
from suite.cli.new import new
from suite.cli.reproduce import reproduce

EXIT_CODES = """Exit codes: 0 ok, 1 a bug of ours or, where asked, a regression, 2 wrong usage or study,
3 some trials did not finish, or are not there yet,
4 disk, permission, port or another thing of this machine,
5 somebody else sweeps this study, 6 no such record or a damaged store,
7 Ray or MLflow was lost, 8 not reproduced, 130 Ctrl-C, 143 terminated."""

RUN, SEE, REPRODUCE = "Ask and run", "See the answers", "Reproduce and share"
CLUSTER, MACHINE = "Clusters and services", "This machine and its store"

app = typer.Typer(
    epilog=EXIT_CODES,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def main() -> None:
    """Run the command line. What a person can cause ends in one message and an exit code of its own."""
    atexit.register(gc.freeze)  # else the end looks through all of torch and pandas for garbage: half a second
    _stand_in()
    prepare()
    words = switches.lift(sys.argv[1:])
    try:
        code = app(words or ["--help"], prog_name="wonderland", standalone_mode=False)
    except BrokenPipeError:  # whoever read our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        raise SystemExit(0) from None
    except Exception as error:
        if switches.is_verbose():
            traceback.print_exception(error)
        end(error)
    raise SystemExit(code if isinstance(code, int) else 0)


def _version(wanted: bool) -> None:
    from suite.cli.version import line

    if wanted:
        print(line())
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the versions that matter.")
    ] = False,
    no_color: Annotated[bool, typer.Option("--no-color", help="Use no colour; NO_COLOR does the same.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but the answer and errors.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show tracebacks.")] = False,
) -> None:
    """Ablations and benchmarks of neural networks, with statistics that hold.

    What was asked for goes to standard output, all else to standard error. The switches here may stand anywhere.
    """


app.command("list", rich_help_panel=RUN)(catalogue.list_)
app.command(rich_help_panel=RUN)(new)
app.command(rich_help_panel=RUN)(planning.plan)
app.command(rich_help_panel=RUN)(demo)
app.command(rich_help_panel=RUN)(run.sweep)
app.command(rich_help_panel=RUN)(watch.status)
app.command(rich_help_panel=RUN)(watch.stop)

app.command(rich_help_panel=SEE)(answers.effects)
app.command(rich_help_panel=SEE)(answers.leaderboard)
app.command(rich_help_panel=SEE)(compare.compare)
app.command(rich_help_panel=SEE)(curves.curves)
app.command(rich_help_panel=SEE)(cost.cost)
app.command(rich_help_panel=SEE)(board.board)
app.command(rich_help_panel=SEE)(answers.verdicts)
app.command(rich_help_panel=SEE)(answers.references)
app.command(rich_help_panel=SEE)(tuning.tuning)
app.command(rich_help_panel=SEE)(coverage.coverage)
app.command(rich_help_panel=SEE)(trials.show)
app.command(rich_help_panel=SEE)(trials.explain)
app.command(rich_help_panel=SEE)(serve.dashboard)
app.command(rich_help_panel=SEE)(analyze.analyze)

app.command(rich_help_panel=REPRODUCE)(reproduce)
app.command(rich_help_panel=REPRODUCE)(board.submit)
app.command(rich_help_panel=REPRODUCE)(export)
app.command(rich_help_panel=REPRODUCE)(store.verify)

app.add_typer(service.app, name="service", rich_help_panel=CLUSTER)
app.command("submit-job", rich_help_panel=CLUSTER)(cluster.submit_job)
app.add_typer(cluster.jobs, name="job", rich_help_panel=CLUSTER)

app.command(rich_help_panel=MACHINE)(doctor)
app.command(rich_help_panel=MACHINE)(catalogue.fetch)
app.command(rich_help_panel=MACHINE)(store.sync)
app.command(rich_help_panel=MACHINE)(store.gc)
app.command(rich_help_panel=MACHINE)(completion)


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
