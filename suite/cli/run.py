"""Planning, running and watching a study."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from suite import document
from suite.cli.arguments import EACH, RUNS, Fused, Json, Runs, Slots, Swept, ToRun
from suite.cli.say import suggest

if TYPE_CHECKING:
    from suite.estimate import Range
    from suite.plan import Workload
    from suite.store import Status, Store


def plan(study: ToRun, runs: Runs = RUNS, slots: Slots = None, fused: Fused = 1, as_json: Json = False) -> None:
    """Say what a sweep would do: trials that are new, cached, stale or impossible, and how long they take."""
    from suite.study import load

    name, loaded = load(study)  # before torch is imported, so that a bad study is refused at once
    from suite import outline
    from suite.estimate import Estimate
    from suite.plan import workload
    from suite.store import Store

    store, count = Store(runs), slots or _cores()
    work = workload(store, name, loaded, fused=fused)
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
    suggest(runs, ["sweep", study] if work.todo else ["effects", name])


def sweep(
    study: ToRun,
    runs: Runs = RUNS,
    slots: Slots = None,
    seeds: Annotated[int | None, typer.Option(min=1, help="Instead of the study's own number.")] = None,
    deadline: Annotated[float, typer.Option(min=1.0, help="Seconds that a trial may take.")] = 3600.0,
    retry: Annotated[bool, typer.Option("--retry", help="Run crashed trials again.")] = False,
    fused: Fused = 1,
    mirror: Annotated[bool, typer.Option(help="Show the records in MLflow.")] = True,
    progress: Annotated[
        Literal["auto", "rich", "plain", "json", "none"], typer.Option(help="How to show progress.")
    ] = "auto",
    as_json: Json = False,
) -> None:
    """Run the trials of a study that have no answer yet, then say the answer. The same command resumes."""
    from suite.study import UNTIL_DECIDED, load

    name, loaded = load(study)  # before torch is imported, so that a bad study is refused at once
    loaded = loaded if seeds is None else loaded.with_seeds(seeds)
    from suite import outline
    from suite.adaptive import stage
    from suite.display import console, meter
    from suite.plan import workload
    from suite.store import Store
    from suite.sweep import Settings
    from suite.sweep import sweep as run

    store, count = Store(runs), slots or _cores()
    talk = console(stderr=True)

    def announce(work: "Workload", seconds: "Range") -> None:
        for line in outline.lines(name, work, seconds, count):
            talk.print(line, soft_wrap=True)

    settings = Settings(count, _given(study), deadline, retry, mirror, fused)
    while True:
        with meter(name, progress) as show:
            ending = run(store, name, loaded, settings, announce, show)
        if not loaded.goes_on or ending.signal or not workload(store, name, loaded, fused=fused).todo:
            break
    again = ["sweep", study, *(["--fused", str(fused)] if fused > 1 else [])]
    _say_ending(store, name, again, ending.status, ending.mirrored, as_json)
    if loaded.seeds == UNTIL_DECIDED:
        talk.print(stage(loaded, store.records(name)).sentence, soft_wrap=True)
    if ending.signal:
        raise SystemExit(128 + ending.signal)
    if any(outcome != "finished" for outcome in ending.status.outcomes):
        raise SystemExit(3)


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
        suggest(runs, ["sweep", store.plan(name).given or name])


def _say_ending(store: "Store", name: str, again: list[str], status: "Status", mirrored: bool, as_json: bool) -> None:
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
        suggest(store.root, again, ["status", name])
        return
    report(console(), answered)
    best = answered.records[0].id if answered.records else ""
    suggest(store.root, ["effects", name, "--task", EACH], ["reproduce", best], ["dashboard"])


def _given(study: str) -> str:
    """The study as it can be named from any folder."""
    return str(Path(study).absolute()) if Path(study).suffix else study


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
