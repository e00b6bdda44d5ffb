"""The `wonderland` command. Data goes to standard output, talk to standard error.

Every verb imports what it needs inside itself, so that `--help` and completion answer at once.
"""

import json
import os
import shlex
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, NoReturn

import typer

from suite import document

if TYPE_CHECKING:
    import pandas as pd

    from suite.answer import Answer
    from suite.estimate import Range
    from suite.plan import Workload
    from suite.store import Status, Store

EXIT_CODES = """Exit codes: 0 ok, 1 a bug of ours, 2 wrong usage or study, 3 some trials did not finish,
4 disk, permission or port, 5 somebody else sweeps this study, 6 no such record or a damaged store,
7 Ray was lost, 8 not reproduced, 130 Ctrl-C, 143 terminated."""

app = typer.Typer(
    epilog=EXIT_CODES,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Runs = Annotated[Path, typer.Option("--runs", envvar="WONDERLAND_RUNS", help="The folder of the store.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
ToRun = Annotated[str, typer.Argument(metavar="STUDY", help="A study's name, or the path of its .py or .json file.")]
Swept = Annotated[str | None, typer.Argument(metavar="[STUDY]", help="A study in the store. [default: the last one]")]
Slots = Annotated[int | None, typer.Option(min=1, help="Trials at a time. [default: one per core]")]
TaskFilter = Annotated[str | None, typer.Option("--task", help="A task, or `each`. [default: pooled]")]
ArchitectureFilter = Annotated[
    str | None, typer.Option("--architecture", help="An architecture, or `each`. [default: pooled]")
]
RUNS = Path("runs")
EACH = "each"
MOST_SAID = 2000  # characters of an error, which may quote what it is about


def main() -> None:
    """Run the command line. What a person can cause ends in one message and an exit code of its own."""
    _stand_in()
    try:
        app()
    except BrokenPipeError:  # whoever read our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        raise SystemExit(0) from None
    except OSError as error:
        _fail(4, f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}{_room(error)}")
    except Exception as error:
        code = getattr(error, "exit_code", None)
        if code is None or os.environ.get("WONDERLAND_DEBUG"):
            raise
        _fail(code, str(error))


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


@app.command("list")
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


@app.command()
def plan(study: ToRun, runs: Runs = RUNS, slots: Slots = None, as_json: Json = False) -> None:
    """Say what a sweep would do: trials that are new, cached, stale or impossible, and how long they take."""
    from suite.study import load

    name, loaded = load(study)  # before torch is imported, so that a bad study is refused at once
    from suite import outline
    from suite.estimate import Estimate
    from suite.plan import workload
    from suite.store import Store

    store, count = Store(runs), slots or _cores()
    work = workload(store, name, loaded)
    seconds = Estimate(work.past, work.todo).range(work.todo, count)
    if as_json:
        document.show(outline.document(name, loaded, work, seconds, count))
        return
    from suite.display import console

    out = console()
    for line in outline.lines(name, work, seconds, count):
        out.print(line, soft_wrap=True)
    for arm in outline.arms(loaded):
        out.print(f"  {arm}", soft_wrap=True)
    _next(runs, ["sweep", study] if work.todo else ["effects", name])


@app.command()
def sweep(
    study: ToRun,
    runs: Runs = RUNS,
    slots: Slots = None,
    seeds: Annotated[int | None, typer.Option(min=1, help="Instead of the study's own number.")] = None,
    deadline: Annotated[float, typer.Option(min=1.0, help="Seconds that a trial may take.")] = 3600.0,
    retry: Annotated[bool, typer.Option("--retry", help="Run crashed trials again.")] = False,
    mirror: Annotated[bool, typer.Option(help="Show the records in MLflow.")] = True,
    progress: Annotated[
        Literal["auto", "rich", "plain", "json", "none"], typer.Option(help="How to show progress.")
    ] = "auto",
    as_json: Json = False,
) -> None:
    """Run the trials of a study that have no answer yet, then say the answer. The same command resumes."""
    from suite.study import load

    name, loaded = load(study)  # before torch is imported, so that a bad study is refused at once
    loaded = loaded if seeds is None else loaded.with_seeds(seeds)
    from suite import outline
    from suite.display import console, meter
    from suite.store import Store
    from suite.sweep import Settings
    from suite.sweep import sweep as run

    store, count = Store(runs), slots or _cores()
    talk = console(stderr=True)

    def announce(work: "Workload", seconds: "Range") -> None:
        for line in outline.lines(name, work, seconds, count):
            talk.print(line, soft_wrap=True)

    with meter(name, progress) as show:
        ending = run(store, name, loaded, Settings(count, _given(study), deadline, retry, mirror), announce, show)
    _say_ending(store, name, study, ending.status, ending.mirrored, as_json)
    if ending.signal:
        raise SystemExit(128 + ending.signal)
    if any(outcome != "finished" for outcome in ending.status.outcomes):
        raise SystemExit(3)


@app.command()
def status(study: Swept = None, runs: Runs = RUNS, as_json: Json = False) -> None:
    """Say how a study's running or last sweep stands. Needs neither Ray nor MLflow."""
    from suite.answer import last_study
    from suite.display import ago, console, line
    from suite.store import Store, StoreError

    store = Store(runs)
    name = study or last_study(store)
    found = store.status(name)
    if found is None:
        raise StoreError(f"no sweep of {name!r} in {runs} yet; begin with: wonderland sweep {name}")
    if as_json:
        document.show({"study": name, **found.model_dump(mode="json")})
        return
    out = console()
    out.print(f"{found.state}: {line(name, found)}", soft_wrap=True)
    for failure in found.failures:
        out.print(f"  {failure.outcome}  {failure.id}  {failure.message}", soft_wrap=True)
    if found.state in ("lost", "stopped"):
        out.print(f"last seen {ago(found.beat)}")
        _next(runs, ["sweep", store.plan(name).given or name])


@app.command()
def effects(
    study: Swept = None,
    task: TaskFilter = None,
    architecture: ArchitectureFilter = None,
    factor: Annotated[str | None, typer.Option("--factor", help="A factor. [default: all]")] = None,
    runs: Runs = RUNS,
    as_json: Json = False,
) -> None:
    """Say what each trick changes: paired effects with intervals, and how they interact."""
    from suite import report
    from suite.display import console, printable, tabulate

    name, answer = _answer(runs, study)
    rows = _scoped(answer.effects, answer, task, architecture)
    pairs = _scoped(answer.interactions, answer, task, architecture)
    if factor:
        _choose("factor", factor, tuple(answer.plan.factors))
        rows = rows[rows.factor == factor]
        pairs = pairs[(pairs.factor_a == factor) | (pairs.factor_b == factor)]
    if as_json:
        tables = {"effects": document.rows(rows), "interactions": document.rows(pairs)}
        document.show({"study": name, "records": answer.counts, "finding": answer.finding, **tables})
        return
    out = console()
    out.print(printable(answer.finding))
    out.print()
    tabulate(out, report.effects(rows), f"Effects in {answer.coverage}")
    if len(pairs):
        tabulate(out, report.interactions(pairs), "Interactions: how much one effect changes with the other")
    _next(runs, ["effects", name, "--task", EACH], ["leaderboard", name])


@app.command()
def leaderboard(study: Swept = None, task: TaskFilter = None, runs: Runs = RUNS, as_json: Json = False) -> None:
    """Rank the architectures, each at the setting that validation chose; who cannot be told apart shares a letter."""
    from suite import report
    from suite.display import console, tabulate

    name, answer = _answer(runs, study)
    rows = _scoped(answer.leaderboard, answer, task, None)
    if as_json:
        document.show({"study": name, "records": answer.counts, "leaderboard": document.rows(rows)})
        return
    tabulate(console(), report.leaderboard(rows), f"Leaderboard of {name}, from {answer.coverage}")
    _next(runs, ["leaderboard", name, "--task", EACH], ["effects", name], ["dashboard"])


@app.command()
def show(
    id: Annotated[str, typer.Argument(metavar="ID", help="A trial's id, or the first four or more of its characters.")],
    runs: Runs = RUNS,
    as_json: Json = False,
) -> None:
    """Show one trial: what was asked, what came out, what it took, and what gave it."""
    from suite.store import Store

    study, record = Store(runs).find(id)
    if as_json:
        document.show({"study": study, "record": json.loads(record.to_json())})
        return
    from suite import report
    from suite.display import console

    report.card(console(), study, record, report.setting(record))
    _next(runs, ["reproduce", record.id])


@app.command()
def explain(
    id: Annotated[str, typer.Argument(metavar="ID", help="A trial's id, or the first four or more of its characters.")],
    runs: Runs = RUNS,
    as_json: Json = False,
) -> None:
    """Say why a sweep would run a trial again, or why not: what answered it then, and what would now."""
    from suite.explain import explain as why
    from suite.store import Store

    found = why(Store(runs), id)
    if as_json:
        document.show({**asdict(found), "moved": _moved(found.moved)})
        return
    from suite.display import console

    out = console()
    out.print(f"{found.id}  {found.state} in {found.study}: {found.because}", soft_wrap=True)
    for what, then, now in found.moved:
        out.print(f"  {what}: {then} then, {now} now", soft_wrap=True)
    if found.commit and any(what == "source" for what, _, _ in found.moved):
        _next(runs, ["sweep", Store(runs).plan(found.study).given or found.study])
        out.print(f"  git diff {found.commit} -- suite tasks  shows what changed", soft_wrap=True)


@app.command()
def reproduce(
    id: Annotated[str, typer.Argument(metavar="ID", help="A trial's id, or the first four or more of its characters.")],
    runs: Runs = RUNS,
    as_json: Json = False,
) -> None:
    """Train a trial again in a fresh process, and say whether the result is the same to the last bit, or why not."""
    from suite.display import console
    from suite.reproduce import reproduce as again
    from suite.store import Store

    study, record = Store(runs).find(id)
    verdict = again(record)
    if as_json:
        judged = {"study": study, "id": record.id, "verdict": verdict.kind, "reason": verdict.reason}
        document.show({**judged, "moved": _moved(verdict.moved)})
    else:
        out = console()
        out.print(f"{record.id}  {verdict.kind}: {verdict.reason}", soft_wrap=True)
        for what, then, now in verdict.moved:
            out.print(f"  {what}: {then} then, {now} now", soft_wrap=True)
    raise SystemExit({"bit-exact": 0, "equivalent": 0, "different": 8, "cannot": 7}[verdict.kind])


@app.command()
def sync(study: Swept = None, runs: Runs = RUNS) -> None:
    """Bring MLflow up to date with the ledger; of all studies, or of one. Does nothing twice."""
    from suite.display import console
    from suite.store import Store
    from suite.tracking import address, redacted
    from suite.tracking import sync as mirror

    store = Store(runs)
    written = mirror(store, [study] if study else store.studies())
    console().print(f"{written} runs written to {redacted(address(store))}", soft_wrap=True)


@app.command()
def verify(study: Swept = None, runs: Runs = RUNS, as_json: Json = False) -> None:
    """Read every line of the ledgers and check it against its checksum."""
    from suite.display import console
    from suite.store import Store

    store = Store(runs)
    readings = {name: store.reading(name) for name in ([study] if study else store.studies())}
    found = [(name, damage) for name, reading in readings.items() for damage in reading.damaged]
    damaged, kept = [pair for pair in found if not pair[1].kept], sum(damage.kept for _, damage in found)
    lines = sum(len(reading.records) for reading in readings.values())
    if as_json:
        bad = [{"study": name, "segment": d.segment, "line": d.line, "reason": d.reason} for name, d in damaged]
        document.show(
            {"records": lines, "damaged": bad, "quarantined": kept, "torn": sum(r.torn for r in readings.values())}
        )
    else:
        out = console()
        met = f", and {kept} in quarantine that a sweep has run again" if kept else ""
        out.print(f"{lines} records in {len(readings)} studies, {len(damaged)} damaged lines{met}", soft_wrap=True)
        for name, damage in damaged:
            out.print(f"  {name}/{damage.segment} line {damage.line}: {damage.reason}", soft_wrap=True)
    if damaged:
        _next(runs, *(["sweep", store.plan(name).given or name] for name in dict.fromkeys(name for name, _ in damaged)))
        raise SystemExit(6)


@app.command()
def dashboard(
    runs: Runs = RUNS,
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes any that is free.")] = 8501,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    browser: Annotated[bool, typer.Option(help="Open a browser.")] = True,
) -> None:
    """Serve the dashboard on this machine."""
    where = ["--port", str(port), "--host", host, "--runs", str(runs), "--browser" if browser else "--no-browser"]
    os.execv(sys.executable, [sys.executable, "-m", "dashboard", *where])


def _moved(moved: tuple[tuple[str, str, str], ...]) -> list[dict[str, str]]:
    return [{"what": what, "then": then, "now": now} for what, then, now in moved]


def _answer(runs: Path, study: str | None) -> tuple[str, "Answer"]:
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
            _choose(column, wanted, known)
        frame = frame[frame[column] == (wanted or ALL)]
    return frame


def _choose(kind: str, name: str, known: tuple[str, ...]) -> None:
    from suite import catalog

    try:
        catalog.check(kind, name, known)
    except LookupError as error:
        _fail(2, str(error.args[0]))


def _say_ending(store: "Store", name: str, study: str, status: "Status", mirrored: bool, as_json: bool) -> None:
    from suite.answer import answer
    from suite.display import console, counts, duration
    from suite.report import report

    seconds = status.beat - status.started
    answered, talk = answer(store, name), console(stderr=True)
    parts = [answered.coverage, f"{status.cached} of them cached", counts(status.outcomes)]
    talk.print(f"{status.state} in {duration(seconds)}: {', '.join(filter(None, parts))}", soft_wrap=True)
    if not mirrored:
        talk.print("MLflow is behind; wonderland sync brings it up to date", soft_wrap=True)
    if as_json:
        document.show({"study": name, **status.model_dump(mode="json"), "finding": answered.finding})
        return
    if status.state != "done":
        _next(store.root, ["sweep", study], ["status", name])
        return
    report(console(), answered)
    best = answered.records[0].id if answered.records else ""
    _next(store.root, ["effects", name, "--task", EACH], ["reproduce", best], ["dashboard"])


def _task_row(name: str) -> dict[str, str]:
    from suite import catalog

    task = catalog.task(name)
    shape = " x ".join(map(str, task.shape))
    return {"name": name, "shape": shape, "metric": task.metric, "chance": f"{task.chance:g}", "source": task.source}


def _next(runs: Path, *commands: list[str]) -> None:
    """Say the next things to type, for the store that this command used."""
    from suite.display import commands as say

    where = [] if runs == RUNS or os.environ.get("WONDERLAND_RUNS") == str(runs) else ["--runs", str(runs)]
    say([shlex.join(["wonderland", *words, *where]) for words in commands])


def _given(study: str) -> str:
    """The study as it can be named from any folder."""
    return str(Path(study).absolute()) if Path(study).suffix else study


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


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


def _fail(code: int, message: str) -> NoReturn:
    text = message if len(message) <= MOST_SAID else f"{message[:MOST_SAID]} ..."
    print("wonderland:", "".join(c if c.isprintable() else repr(c)[1:-1] for c in text), file=sys.stderr)
    raise SystemExit(code)
