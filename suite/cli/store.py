"""The store as a whole: its mirror and its soundness."""

from suite import document
from suite.cli.arguments import RUNS, Json, Runs, Swept
from suite.cli.say import suggest


def sync(study: Swept = None, runs: Runs = RUNS) -> None:
    """Bring MLflow up to date with the ledger; of all studies, or of one. Does nothing twice."""
    from suite.display import console
    from suite.store import Store
    from suite.tracking import address, redacted
    from suite.tracking import sync as mirror

    store = Store(runs)
    written = mirror(store, [study] if study else store.studies())
    console().print(f"{written} runs written to {redacted(address(store))}", soft_wrap=True)


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
        out.print(
            f"{_count(lines, 'record', 'records')} in {_count(len(readings), 'study', 'studies')}, "
            f"{_count(len(damaged), 'damaged line', 'damaged lines')}{met}",
            soft_wrap=True,
        )
        for name, damage in damaged:
            out.print(f"  {name}/{damage.segment} line {damage.line}: {damage.reason}", soft_wrap=True)
    if damaged:
        suggest(
            runs, *(["sweep", store.plan(name).given or name] for name in dict.fromkeys(name for name, _ in damaged))
        )
        raise SystemExit(6)


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
