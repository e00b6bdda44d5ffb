"""Planning a study: what a sweep of it would do, and what it would take."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from suite import document
from suite.cli.arguments import DEADLINE, RUNS, All, Deadline, Fused, Json, Only, Retry, Runs, Seeds, Skip, Slots, ToRun
from suite.cli.asked import asked, require_unmoved
from suite.cli.say import said, suggest
from suite.cli.slots import at_a_time, shortage

if TYPE_CHECKING:
    from suite.outline import Outline

WORK_TO_DO = 2  # as Terraform has it, and as rarely as that one's, only where it is asked for


def plan(
    study: ToRun,
    only: Only = None,
    skip: Skip = None,
    seeds: Seeds = None,
    runs: Runs = RUNS,
    slots: Slots = None,
    fused: Fused = 1,
    deadline: Deadline = DEADLINE,
    retry: Retry = False,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Write the plan to a .json file that `wonderland sweep` runs, or refuses."),
    ] = None,
    detailed_exitcode: Annotated[
        bool, typer.Option("--detailed-exitcode", help="Exit with 2 if there is something to run.")
    ] = False,
    everything: All = False,
    as_json: Json = False,
) -> None:
    """Say what a sweep would do: what each arm changes, what is new, cached, stale or impossible, time and disk."""
    wanted = asked(study, fused, seeds, only, skip)
    if out is not None and out.suffix != ".json":
        raise typer.BadParameter("a plan is written to a .json file", param_hint="--out")
    from suite.display import console
    from suite.estimate import Estimate
    from suite.outline import Outline
    from suite.plan import workload
    from suite.store import Store

    store, count = Store(runs), slots or at_a_time(wanted.study.resources)
    require_unmoved(store, wanted)
    work = workload(store, wanted.name, wanted.study, retry=retry, fused=wanted.fused, deadline=deadline)
    outline = Outline(wanted.name, wanted.study, work, Estimate(work.past, work.todo).range(work.todo, count), count)
    if out is not None:
        from suite import plan_file

        plan_file.write(out, wanted.name, wanted.study, work.todo, wanted.fused)
    if as_json:
        document.show({**outline.document(), "plan": str(out) if out else None})
    else:
        _tell(outline, everything)
        lacks = shortage(wanted.study.resources)
        if lacks:
            console().print(f"impossible on this machine: {lacks}", soft_wrap=True)
        again: dict[str, object] = {"--slots": slots, "--deadline": deadline if deadline != DEADLINE else None}
        again |= {"--retry": retry}
        if out is None:
            again |= {"--only": only, "--skip": skip, "--seeds": seeds, "--fused": fused if fused > 1 else None}
        then = ["sweep", str(out) if out else study, *said(again)]
        suggest(runs, then if work.todo else ["effects", wanted.name])
    if detailed_exitcode and work.todo:
        raise SystemExit(WORK_TO_DO)


def _tell(outline: "Outline", everything: bool) -> None:
    from suite.display import console, first, tabulate

    out = console()
    for line in outline.lines():
        out.print(line, soft_wrap=True)
    for title, table in outline.tables():
        shown, cut = first(table, everything)
        tabulate(out, shown, title)
        if cut:
            out.print(cut, soft_wrap=True)
