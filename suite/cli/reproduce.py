"""Whether a trial, or a study, gives the same again."""

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from suite import document
from suite.cli.arguments import RUNS, Json, Runs, Slots
from suite.cli.say import suggest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from suite.record import Record
    from suite.reproduction.asked import Asked
    from suite.reproduction.several import Judged
    from suite.reproduction.verdict import Kind, Verdict
    from suite.store import Store

MOST_COMMANDS = 8
CODES = {"bit-exact": 0, "equivalent": 0, "different": 8, "cannot": 7}


def reproduce(
    what: Annotated[
        str, typer.Argument(metavar="ID|STUDY", help="A trial's id or its first characters, or a study's name.")
    ],
    times: Annotated[int, typer.Option("--times", min=1, help="Train again so often; do all agree?")] = 1,
    at_commit: Annotated[
        bool, typer.Option("--at-commit", help="Train with the code and locked versions of the recorded commit.")
    ] = False,
    sample: Annotated[int | None, typer.Option("--sample", min=1, help="So many of a study's records.")] = None,
    source: Annotated[
        Path | None, typer.Option("--from", help="A bundle, or a .jsonl file of records. [default: the store]")
    ] = None,
    tolerance: Annotated[
        float, typer.Option("--tolerance", min=0.0, help="Of a score, where the arithmetic is another one.")
    ] = 0.01,
    slots: Slots = 1,
    runs: Runs = RUNS,
    as_json: Json = False,
) -> None:
    """Train again in fresh processes, and say bit-exact, equivalent, different or cannot. The verdict is kept.

    Needs nothing but the record. A row of the leaderboard goes by its trial's id.
    """
    from suite.reproduction.asked import asked
    from suite.reproduction.each import each
    from suite.signals import heard
    from suite.store import Store

    store = Store(runs)
    found = asked(store, what, source, sample)
    count = slots or len(os.sched_getaffinity(0))
    with heard():
        judgements = each(found.records, times=times, tolerance=tolerance, at_commit=at_commit, slots=count, say=_aside)
        judged = [_keep(store, found, *one) for one in _followed(judgements, len(found.records))]
    kind = _study(store, found, judged, tolerance, as_json) if found.whole else _one(runs, found, *judged[0], as_json)
    raise SystemExit(CODES[kind])


def _followed(judgements: "Iterator[Judged]", many: int) -> "Iterator[Judged]":
    """The same, with a line on standard error for each of several, and an estimate of what is left."""
    from suite.display import duration

    started = time.monotonic()
    for number, (record, verdict) in enumerate(judgements, start=1):
        if many > 1:
            left = (time.monotonic() - started) / number * (many - number)
            _aside(f"{number} of {many}  {record.id} {verdict.kind}  about {duration(left)} left")
        yield record, verdict


def _keep(store: "Store", found: "Asked", record: "Record", verdict: "Verdict") -> "Judged":
    """At once, so that those that are done are kept whatever comes."""
    from suite.reproduction.kept import keep, of

    keep(store, found.study, [of(record, verdict)])
    return record, verdict


def _one(runs: Path, found: "Asked", record: "Record", verdict: "Verdict", as_json: bool) -> "Kind":
    from suite.display import console, printable

    if as_json:
        document.show({"study": found.study, **_judged(record, verdict)})
        return verdict.kind
    out = console()
    out.print(printable(f"{record.id}  {verdict.kind}: {verdict.reason}"), soft_wrap=True)
    for what, then, now in verdict.moved:
        out.print(printable(f"  {what}: {then} then, {now} now"), soft_wrap=True)
    _provide(verdict.commands)
    if not verdict.commands and verdict.commit is None and record.provenance.commit and verdict.moved:
        suggest(runs, ["reproduce", record.id, "--at-commit"])
    return verdict.kind


def _study(store: "Store", found: "Asked", judged: "list[Judged]", tolerance: float, as_json: bool) -> "Kind":
    """A table of the verdicts and the one that they come to, which is kept under the study's name."""
    from suite.reproduction.kept import keep, of_study
    from suite.reproduction.several import summary

    whole = summary(judged, tolerance)
    keep(store, found.study, [of_study(found.study, whole)])
    order = {record.id: place for place, record in enumerate(found.records)}
    judged = sorted(judged, key=lambda one: order[one[0].id])
    if as_json:
        counted = {"counts": whole.counts, "left_out": found.left_out}
        rows = [_judged(record, verdict) for record, verdict in judged]
        document.show({"study": found.study, "verdict": whole.kind, "reason": whole.reason, **counted, "records": rows})
        return whole.kind
    _tabulate(found, judged)
    from suite.display import console, printable

    rest = f" ({found.left_out:,} records left out)" if found.left_out else ""
    console().print(printable(f"{found.study}  {whole.kind}: {whole.reason}{rest}"), style="bold", soft_wrap=True)
    _provide(list(dict.fromkeys(command for _, verdict in judged for command in verdict.commands))[:MOST_COMMANDS])
    return whole.kind


def _tabulate(found: "Asked", judged: "list[Judged]") -> None:
    import pandas as pd

    from suite.display import console, tabulate

    rows = [
        {
            "trial": record.id,
            "task": record.trial.task,
            "architecture": record.trial.architecture,
            "seed": record.trial.seed,
            "verdict": verdict.kind,
            "because": verdict.reason,
        }
        for record, verdict in judged
    ]
    tabulate(console(), pd.DataFrame(rows), f"Trained again: {found.study}")


def _judged(record: "Record", verdict: "Verdict") -> dict[str, Any]:
    return {
        "id": record.id,
        "verdict": verdict.kind,
        "reason": verdict.reason,
        "times": verdict.times,
        "commit": verdict.commit,
        "moved": [{"what": what, "then": then, "now": now} for what, then, now in verdict.moved],
        "commands": list(verdict.commands),
    }


def _provide(commands: "Sequence[str]") -> None:
    """What would provide what is missing, on standard error as all that is to be typed next."""
    from suite.display import commands as say

    if commands:
        say(list(commands))


def _aside(text: str) -> None:
    from suite.display import printable

    print(printable(text), file=sys.stderr, flush=True)
