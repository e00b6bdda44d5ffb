"""Watching a sweep and stopping it, from any terminal of the machine that runs it. Needs neither Ray nor MLflow."""

import time
from typing import TYPE_CHECKING, Annotated

import typer

from suite import document
from suite.cli import printed
from suite.cli.arguments import RUNS, Json, Runs, Swept
from suite.cli.printed import Csv
from suite.cli.say import fail, suggest

if TYPE_CHECKING:
    import pandas as pd

    from suite.store import Status, Store

EVERY = 1.0  # seconds between two looks at the heartbeat
PATIENCE = 30.0  # seconds for a sweep to stop in; it gives its running trials ten
PATIENCE_NOW = 20.0
BETWEEN = 0.5  # seconds between the signal that stops a sweep and the one that stops it at once


def status(
    study: Swept = None,
    watch: Annotated[bool, typer.Option("--watch", help="Show progress until it ends.")] = False,
    wait: Annotated[
        bool,
        typer.Option(
            "--wait", help="Say nothing until it ends, then exit as the sweep: 0, or 3 if trials are missing."
        ),
    ] = False,
    timeline: Annotated[bool, typer.Option("--timeline", help="Also say what ran when, slot by slot.")] = False,
    runs: Runs = RUNS,
    as_csv: Csv = False,
    as_json: Json = False,
) -> None:
    """Say how a study's running or last sweep stands. Needs neither Ray nor MLflow."""
    from suite.answer import last_study
    from suite.store import Store

    printed.one_form(csv=as_csv, json=as_json)
    store = Store(runs)
    name = study or last_study(store)
    found = _status(store, name)
    if watch or wait:
        found = _until_ended(store, name, found, show=watch and not (as_json or as_csv))
    rows = _timeline(store, name, found) if timeline else None
    if as_json:
        also = {} if rows is None else {"timeline": document.rows(rows)}
        document.show({"study": name, **found.model_dump(mode="json"), **also})
    elif as_csv:
        print(_csv(name, found) if rows is None else _plain(rows), end="")
    else:
        _tell(store, name, found, rows)
    if (watch or wait) and (found.state != "done" or any(outcome != "finished" for outcome in found.outcomes)):
        raise SystemExit(3)


def _timeline(store: "Store", name: str, found: "Status") -> "pd.DataFrame":
    from suite.answer import answer
    from suite.timeline import of_sweep

    return of_sweep(store, name, found, answer(store, name).table)


def _plain(rows: "pd.DataFrame") -> str:
    from suite.spreadsheet import csv

    return csv(rows)


def _csv(name: str, found: "Status") -> str:
    """One row: how the sweep stands, and a column for every way in which a trial can end."""
    import pandas as pd

    from suite.record import OUTCOMES
    from suite.spreadsheet import csv

    row = found.model_dump(exclude={"outcomes", "running", "failures", "left"}) | {"running": len(found.running)}
    row["left_low"], row["left_high"] = found.left or (None, None)
    row |= {outcome: found.outcomes.get(outcome, 0) for outcome in OUTCOMES}
    return csv(pd.DataFrame([{"study": name, **row}]))


def stop(
    study: Swept = None,
    now: Annotated[bool, typer.Option("--now", help="Do not wait for the trials that run.")] = False,
    runs: Runs = RUNS,
    as_json: Json = False,
) -> None:
    """Stop a running sweep: it finishes the trials that run, within ten seconds. The same sweep command resumes."""
    from suite.answer import last_study
    from suite.display import console
    from suite.store import Store

    store = Store(runs)
    name = study or last_study(store)
    before = _status(store, name)
    if before.state == "running":
        _end(before, name, now)
    after = _until_ended(store, name, before, patience=PATIENCE_NOW if now else PATIENCE)
    if after.state == "running":
        fail(4, f"{name} still runs, as process {after.pid}", f"wonderland stop {name} --now  stops it at once")
    if as_json:
        document.show({"study": name, "stopped": before.state == "running", **after.model_dump(mode="json")})
        return
    done = f"{after.cached + after.done} of {after.total} trials are answered"
    was = "stopped" if before.state == "running" else f"did not run ({after.state})"
    console().print(f"{name} {was}; {done}", soft_wrap=True)
    if after.state != "done":
        suggest(runs, ["sweep", _given(store, name)])


def _end(status: "Status", name: str, now: bool) -> None:
    """Send what Ctrl-C sends to the process that sweeps, once, or twice for at once."""
    import os
    import platform
    import signal

    if status.host != platform.node():
        fail(4, f"{name} is swept on {status.host}; stop it there")
    for number in range(2 if now else 1):
        time.sleep(BETWEEN * number)
        try:
            os.kill(status.pid, signal.SIGTERM)
        except ProcessLookupError:
            return


def _status(store: "Store", name: str) -> "Status":
    from suite.store import StoreError

    found = store.status(name)
    if found is None:
        raise StoreError(f"no sweep of {name!r} in {store.root} yet; begin with: wonderland sweep {name}")
    return found


def _until_ended(
    store: "Store", name: str, found: "Status", *, show: bool = False, patience: float | None = None
) -> "Status":
    """Look until the sweep no longer runs, or for so many seconds; the last status."""
    from suite.display import meter

    until = None if patience is None else time.monotonic() + patience
    with meter(name, "auto" if show else "none") as tell:
        while found.state == "running" and (until is None or time.monotonic() < until):
            tell(found)
            time.sleep(EVERY)
            found = store.status(name) or found
    return found


def _tell(store: "Store", name: str, found: "Status", rows: "pd.DataFrame | None") -> None:
    from suite.display import ago, console, line, printable, tabulate

    out = console()
    why = f", because {found.why}" if found.why else ""
    out.print(f"{found.state}{why}: {line(name, found)}", soft_wrap=True)
    for failure in found.failures:
        out.print(printable(f"  {failure.outcome}  {failure.id}  {failure.message}"), soft_wrap=True)
    if rows is not None:
        from suite.timeline import sentence, slots

        out.print(f"{sentence(rows, found)}.", soft_wrap=True)
        if len(rows):
            tabulate(out, slots(rows), "What ran when, in seconds")
    if found.state in ("lost", "stopped"):
        out.print(f"last seen {ago(found.beat)}")
        suggest(store.root, ["sweep", _given(store, name)])
    elif found.state == "running":
        suggest(store.root, ["status", name, "--watch"], ["stop", name])
    else:
        suggest(store.root, ["effects", name], ["leaderboard", name])


def _given(store: "Store", name: str) -> str:
    return store.plan(name).given or name
