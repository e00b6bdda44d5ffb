"""One side of a comparison over time: a study as it stands, as it stood at a commit, or as it lies elsewhere."""

from dataclasses import dataclass
from pathlib import Path

from suite import ledger
from suite.answer import Answer
from suite.export.manifest import MANIFEST
from suite.record import Record
from suite.reproduction.asked import PLAN, published
from suite.store import SHORTEST_PREFIX, Plan, Store, StoreError

AT = "@"


@dataclass(frozen=True)
class Side:
    """What a person called it, the answer there, and the commits that its records come from, in their order."""

    said: str
    answer: Answer
    commits: tuple[str, ...]


def side(store: Store, said: str) -> Side:
    """STUDY of the store, the folder of a study or of an exported one, and perhaps @COMMIT. Raises StoreError.

    At a commit a study is what it was after the last record of that commit, so that what needed no new run there is in.
    """
    name, _, commit = (said, "", "") if Path(said).is_dir() else said.partition(AT)
    plan, written = _read(store, name)
    if commit:
        written = _until(written, commit, said)
    held = ledger.current(written)
    records = tuple(held[id] for id in plan.trials if id in held)
    if not records:
        raise StoreError(f"{said} has no record to compare yet; begin with: wonderland sweep {plan.given or plan.name}")
    return Side(said, Answer(plan, records), _commits(records))


def _read(store: Store, name: str) -> tuple[Plan, tuple[Record, ...]]:
    """The plan, and all records in the order written."""
    folder = Path(name)
    if (folder / MANIFEST).is_file():
        return Store(folder.absolute().parent).plan(folder.absolute().name), published(folder)[1]
    if "/" in name or (folder / PLAN).is_file():
        if not (folder / PLAN).is_file():
            inside = sorted(str(path.parent) for path in folder.glob(f"*/{PLAN}"))
            there = f"; there is {', '.join(inside)}" if inside else ""
            raise StoreError(f"{name} is no folder of a study{there}")
        store, name = Store(folder.absolute().parent), folder.absolute().name
    return store.plan(name), store.reading(name).records


def _until(written: tuple[Record, ...], commit: str, said: str) -> tuple[Record, ...]:
    there = _commits(written)
    if len(commit) < SHORTEST_PREFIX:
        raise StoreError(f"{commit!r} is too short; give at least {SHORTEST_PREFIX} characters of a commit")
    found = [one for one in there if one.startswith(commit)]
    if len(found) != 1:
        listed = ", ".join(one[:12] for one in found or there) or "none"
        why = "is ambiguous; it could be" if found else "has no record; there is"
        raise StoreError(f"{said}: commit {commit} {why} {listed}")
    last = max(place for place, record in enumerate(written) if record.provenance.commit == found[0])
    return written[: last + 1]


def _commits(records: tuple[Record, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(record.provenance.commit for record in records if record.provenance.commit))
