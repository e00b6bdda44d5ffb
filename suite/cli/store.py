"""The store as a whole: its mirror and its soundness."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from suite import document
from suite.cli.arguments import RUNS, Json, Runs, Swept, Yes
from suite.cli.export import is_bundle, verify_bundle
from suite.cli.say import suggest

if TYPE_CHECKING:
    from suite.ledger import Reading
    from suite.store import Store


def sync(study: Swept = None, runs: Runs = RUNS, as_json: Json = False) -> None:
    """Bring MLflow up to date with the ledger; of all studies, or of one. Does nothing twice."""
    from suite.display import console
    from suite.store import Store
    from suite.tracking import address, redacted
    from suite.tracking import sync as mirror

    store = Store(runs)
    written = mirror(store, [study] if study else store.studies())
    if as_json:
        document.show({"written": written, "mlflow": redacted(address(store))})
        return
    console().print(f"{written} runs written to {redacted(address(store))}", soft_wrap=True)
    suggest(runs, ["list", "sweeps"], ["dashboard"])


def gc(
    yes: Yes = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Delete nothing, whatever WONDERLAND_YES says; so it is without --yes.")
    ] = False,
    runs: Runs = RUNS,
    as_json: Json = False,
) -> None:
    """Say what nobody needs any more, in the store, among temporary files and fetched data; with --yes, delete it."""
    from suite.display import console, printable, size
    from suite.garbage import find, remove
    from suite.store import Store

    yes = yes and not dry_run
    found = find(Store(runs))
    total = sum(one.bytes for one in found)
    for one in found if yes else ():
        remove(one)
    if as_json:
        rows = [{"path": str(one.path), "bytes": one.bytes, "why": one.why} for one in found]
        document.show({"deleted": yes, "bytes": total, "garbage": rows})
        return
    out = console()
    for one in found:
        out.print(printable(f"{size(one.bytes)}  {one.path}  {one.why}"), soft_wrap=True)
    things = _count(len(found), "thing", "things")
    out.print(f"{things}, {size(total)}, {'deleted' if yes else 'can be deleted'}" if found else "nothing to delete")
    if found and not yes:
        suggest(runs, ["gc", "--yes"])


def verify(study: Swept = None, runs: Runs = RUNS, as_json: Json = False) -> None:
    """Read every line of the ledgers, or the files of an exported bundle, and check them against their checksums."""
    if study is not None and is_bundle(study):
        verify_bundle(Path(study), as_json)
        return
    from suite.display import console
    from suite.ledger import copies
    from suite.store import Store

    store = Store(runs)
    readings = {name: store.reading(name) for name in ([study] if study else store.studies())}
    found = [(name, damage) for name, reading in readings.items() for damage in reading.damaged]
    damaged, kept = [pair for pair in found if not pair[1].kept], sum(damage.kept for _, damage in found)
    lines = sum(len(reading.records) for reading in readings.values())
    foreign = sum(_foreign(store, name, reading) for name, reading in readings.items())
    copied = sum(copies(reading.records) for reading in readings.values())
    if as_json:
        bad = [{"study": name, "segment": d.segment, "line": d.line, "reason": d.reason} for name, d in damaged]
        torn = sum(reading.torn for reading in readings.values())
        found_so = {"quarantined": kept, "torn": torn, "not_planned": foreign, "copies": copied}
        document.show({"records": lines, "damaged": bad, **found_so})
    else:
        out = console()
        out.print(
            f"{_count(lines, 'record', 'records')} in {_count(len(readings), 'study', 'studies')}, "
            f"{_count(len(damaged), 'damaged line', 'damaged lines')}"
            + (f", and {kept} in quarantine that a sweep has run again" if kept else ""),
            soft_wrap=True,
        )
        if foreign:
            out.print(f"  {_count(foreign, 'record is', 'records are')} not in the plan, and count for nothing there")
        if copied:
            out.print(f"  {_count(copied, 'record is a copy', 'records are copies')}, and the first one counts")
        for name, damage in damaged:
            out.print(f"  {name}/{damage.segment} line {damage.line}: {damage.reason}", soft_wrap=True)
    if damaged:
        suggest(
            runs, *(["sweep", store.plan(name).given or name] for name in dict.fromkeys(name for name, _ in damaged))
        )
        raise SystemExit(6)
    if not as_json:
        suggest(runs, ["list", "sweeps"])


def _foreign(store: "Store", study: str, reading: "Reading") -> int:
    """How many records are of trials that the study's plan has not: of an earlier plan, or of another study."""
    planned = set(store.plan(study).trials)
    return sum(record.id not in planned for record in reading.records)


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
