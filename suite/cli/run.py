"""Running a study."""

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from suite import document
from suite.cli.arguments import EACH, RUNS, Fused, Json, Only, Runs, Seeds, Skip, Slots, ToRun, Yes
from suite.cli.asked import asked, require_unmoved
from suite.cli.cluster import LOCAL, Cpus, Gpus, Ray, place, said_again
from suite.cli.consent import NeedsYes, require_yes, says_yes
from suite.cli.say import suggest
from suite.cli.slots import cores

if TYPE_CHECKING:
    from suite.estimate import Range
    from suite.plan import Workload
    from suite.store import Status, Store


def sweep(
    study: ToRun,
    runs: Runs = RUNS,
    slots: Slots = None,
    only: Only = None,
    skip: Skip = None,
    seeds: Seeds = None,
    deadline: Annotated[float, typer.Option(min=1.0, help="Seconds that a trial may take.")] = 3600.0,
    retry: Annotated[bool, typer.Option("--retry", help="Run crashed trials again.")] = False,
    fused: Fused = 1,
    mirror: Annotated[bool, typer.Option(help="Show the records in MLflow.")] = True,
    progress: Annotated[
        Literal["auto", "rich", "plain", "json", "none"], typer.Option(help="How to show progress.")
    ] = "auto",
    yes: Yes = False,
    as_json: Json = False,
    ray: Ray = LOCAL,
    cpus: Cpus = 1.0,
    gpus: Gpus = 0.0,
) -> None:
    """Run the trials of a study that have no answer yet, then say the answer. The same command resumes."""
    where = place(ray, cpus, gpus)
    wanted = asked(study, fused, seeds, only, skip)
    name, loaded, fused = wanted.name, wanted.study, wanted.fused
    from suite.adaptive import stage
    from suite.display import console, meter
    from suite.outline import Outline
    from suite.plan import workload
    from suite.store import Store
    from suite.study import UNTIL_DECIDED
    from suite.sweep import Settings
    from suite.sweep import sweep as run

    here = max(1, int(cores() // cpus)) if ray == LOCAL else 0  # a cluster says how many there are
    store, count = Store(runs), slots or here
    talk = console(stderr=True)

    def announce(work: "Workload", seconds: "Range", count: int) -> None:
        for line in Outline(name, loaded, work, seconds, count).lines():
            talk.print(line, soft_wrap=True)
        if not agreed:
            require_yes(len(work.todo), seconds)

    require_unmoved(store, wanted)
    agreed = yes
    settings = Settings(count, wanted.given, deadline, retry, mirror, fused, place=where)
    while True:
        try:
            with meter(name, progress) as show:
                ending = run(store, name, loaded, settings, announce, show)
        except NeedsYes as error:
            agreed = says_yes(f"{error}.")
            if not agreed:
                raise
            continue
        if not loaded.goes_on or ending.signal or not workload(store, name, loaded, fused=fused).todo:
            break
    part = _part(only, skip, seeds)
    again = ["sweep", study, *part, *(["--fused", str(fused)] if fused > 1 else []), *said_again(where)]
    _say_ending(store, name, again, ending.status, ending.mirrored, as_json)
    if loaded.seeds == UNTIL_DECIDED:
        talk.print(stage(loaded, store.records(name)).sentence, soft_wrap=True)
    if ending.signal:
        raise SystemExit(128 + ending.signal)
    if any(outcome != "finished" for outcome in ending.status.outcomes):
        raise SystemExit(3)


def _part(only: list[str] | None, skip: list[str] | None, seeds: int | None) -> list[str]:
    """The options that name this part of a study again."""
    named = [("--only", one) for one in only or ()] + [("--skip", one) for one in skip or ()]
    named += [("--seeds", str(seeds))] if seeds else []
    return [word for pair in named for word in pair]


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
