"""Running a study."""

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from suite import document
from suite.cli import detached
from suite.cli.arguments import (
    DEADLINE,
    EACH,
    RUNS,
    Deadline,
    Fused,
    Json,
    Only,
    Retry,
    Runs,
    Seeds,
    Skip,
    Slots,
    ToRun,
    Yes,
)
from suite.cli.asked import asked, require_unmoved
from suite.cli.cluster import LOCAL, Cpus, Gpus, Ray, place, said_again
from suite.cli.consent import NeedsYes, require_yes, says_yes
from suite.cli.planning import plan
from suite.cli.say import fail, said, suggest
from suite.cli.slots import at_a_time, shortage

if TYPE_CHECKING:
    from suite.estimate import Range
    from suite.limits import Limits
    from suite.plan import Workload
    from suite.store import Status, Store


def sweep(
    study: ToRun,
    runs: Runs = RUNS,
    slots: Slots = None,
    only: Only = None,
    skip: Skip = None,
    seeds: Seeds = None,
    deadline: Deadline = DEADLINE,
    max_hours: Annotated[
        float | None, typer.Option("--max-hours", min=0.0, help="Stop after so many hours, as at Ctrl-C, with code 3.")
    ] = None,
    fail_fast: Annotated[
        str | None,
        typer.Option(
            "--fail-fast",
            metavar="N|P%",
            help="Stop, with code 3, when so many trials, or such a share of those to be run, failed, crashed, timed "
            "out or ran out of memory.",
        ),
    ] = None,
    retry: Retry = False,
    fused: Fused = 1,
    mirror: Annotated[bool, typer.Option(help="Show the records in MLflow.")] = True,
    require_mlflow: Annotated[
        bool, typer.Option("--require-mlflow", help="End with code 7 if MLflow does not have all records in the end.")
    ] = False,
    progress: Annotated[
        Literal["auto", "rich", "plain", "json", "none"], typer.Option(help="How to show progress.")
    ] = "auto",
    yes: Yes = False,
    as_json: Json = False,
    ray: Ray = LOCAL,
    cpus: Cpus = None,
    gpus: Gpus = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Run nothing; the same as `wonderland plan`.")] = False,
    detach: Annotated[
        bool, typer.Option("--detach", help="Run in the background of this machine, and say how to follow it.")
    ] = False,
) -> None:
    """Run the trials of a study that have no answer yet, then say the answer. The same command resumes."""
    if dry_run:
        plan(study, only, skip, seeds, runs, slots, fused, deadline, retry, as_json=as_json)
        return
    if require_mlflow and not mirror:
        raise typer.BadParameter("MLflow cannot have the records with --no-mirror", param_hint="--require-mlflow")
    named, limits = place(ray, cpus, gpus), _limits(max_hours, fail_fast)
    wanted = asked(study, fused, seeds, only, skip)
    where = place(ray, cpus, gpus, wanted.study.resources)
    lacks = shortage(where) if ray == LOCAL and not slots else None
    if lacks:
        fail(7, lacks)
    name, loaded, fused = wanted.name, wanted.study, wanted.fused
    from suite.adaptive import stage
    from suite.display import console, meter
    from suite.outline import Outline
    from suite.plan import workload
    from suite.settings import Settings
    from suite.store import Store
    from suite.study import UNTIL_DECIDED
    from suite.sweep import sweep as run

    here = at_a_time(where) if ray == LOCAL else 0  # a cluster says how many there are
    store, count = Store(runs), slots or here
    talk = console(stderr=True)
    options: dict[str, object] = {"--only": only, "--skip": skip, "--seeds": seeds, "--slots": slots, "--retry": retry}
    options |= {"--deadline": deadline if deadline != DEADLINE else None, "--fused": fused if fused > 1 else None}
    options |= {"--max-hours": max_hours, "--fail-fast": fail_fast, "--no-mirror": not mirror}
    options |= {"--require-mlflow": require_mlflow}
    again = ["sweep", study, *said(options), *said_again(named)]

    def announce(work: "Workload", seconds: "Range", count: int) -> None:
        for line in Outline(name, loaded, work, seconds, count).lines():
            talk.print(line, soft_wrap=True)
        if not agreed:
            require_yes(len(work.todo), seconds)

    require_unmoved(store, wanted)
    agreed = yes
    if detach:
        work = workload(store, name, loaded, retry=retry, fused=fused, deadline=deadline)
        detached.consent(wanted, work, count, agreed=yes)
        detached.begin(store, name, again, as_json=as_json)
        return
    settings = Settings(count, wanted.given, deadline, retry, mirror, fused, place=where, limits=limits)
    while True:
        try:
            with meter(name, progress) as show:
                ending = run(store, name, loaded, settings, announce, show)
        except NeedsYes as error:
            agreed = says_yes(f"{error}.")
            if not agreed:
                raise
            continue
        stopped = ending.signal or ending.status.why
        if stopped or not loaded.goes_on or not workload(store, name, loaded, fused=fused, deadline=deadline).todo:
            break
    _say_ending(store, name, again, ending.status, ending.mirrored, as_json)
    if loaded.seeds == UNTIL_DECIDED:
        talk.print(stage(loaded, store.records(name)).sentence, soft_wrap=True)
    if ending.signal:
        raise SystemExit(128 + ending.signal)
    if require_mlflow and not ending.mirrored:
        fail(
            7,
            f"MLflow did not take all records of {name}; they are safe in the ledger",
            f"see {store.folder(name)}/mirror.log",
        )
    if ending.status.why or any(outcome != "finished" for outcome in ending.status.outcomes):
        raise SystemExit(3)


def _limits(hours: float | None, fail_fast: str | None) -> "Limits":
    from suite.limits import Limits

    try:
        return Limits.given(hours, fail_fast)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--fail-fast") from None


def _say_ending(store: "Store", name: str, again: list[str], status: "Status", mirrored: bool, as_json: bool) -> None:
    from suite.display import console, counts, duration

    seconds, talk = status.beat - status.started, console(stderr=True)
    coverage = f"{status.cached + status.done} of {status.total} records"
    parts = [coverage, f"{status.cached} of them cached", counts(status.outcomes)]
    why = f", because {status.why}" if status.why else ""
    talk.print(f"{status.state} in {duration(seconds)}{why}: {', '.join(filter(None, parts))}", soft_wrap=True)
    if not mirrored:
        talk.print("MLflow is behind; wonderland sync brings it up to date", soft_wrap=True)
    if status.state != "done" and not as_json:
        suggest(store.root, again, ["status", name])
        return
    from suite.answer import answer  # which takes a while, and who has pressed Ctrl-C does not wait for it
    from suite.report import report

    answered = answer(store, name)
    if as_json:
        document.show({"study": name, **status.model_dump(mode="json"), "finding": answered.finding})
        return
    report(console(), answered)
    best = answered.records[0].id if answered.records else ""
    suggest(store.root, ["effects", name, "--task", EACH], ["reproduce", best], ["dashboard"])
