"""What is to be reproduced: one record or a study's, from the store, from a bundle, or from a file of records."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from suite import ledger
from suite.board import protocol
from suite.board.published import board
from suite.export.manifest import MANIFEST, require
from suite.record import Record
from suite.sealed import is_sealed
from suite.store import SAFE_NAME, SHORTEST_PREFIX, Plan, Store, StoreError

RECORDS, PLAN = "records.jsonl", "plan.json"
RESULTS = ("finished", "diverged")  # outcomes that have something to compare with


@dataclass(frozen=True)
class Asked:
    """The records, the study whose folder keeps the verdicts, and whether all of a study is meant."""

    study: str
    records: tuple[Record, ...]
    whole: bool = False
    left_out: int = 0


def asked(store: Store, what: str, source: Path | None = None, sample: int | None = None) -> Asked:
    """The records of a study, or the one record whose id starts so: in the store, else on the published board.

    Raises StoreError.
    """
    if source is None:
        if SAFE_NAME.fullmatch(what) and (store.folder(what) / PLAN).is_file():
            return _of_study(what, store.records(what), sample)
        try:
            study, record = store.find(what)
        except StoreError:
            if not (rows := _on_the_board(what)):
                raise
            return Asked(protocol.NAME, (_one(rows, what, protocol.path()),))
        return Asked(study, (record,))
    study, records = published(source)
    if what == study:
        return _of_study(study, records, sample)
    return Asked(study, (_one(records, what, source),))


def published(source: Path) -> tuple[str, tuple[Record, ...]]:
    """A study's name and records from a bundle, or from a file whose name is taken for the study's.

    Raises StoreError where a digest of the bundle's manifest, or a record's checksum, is another one.
    """
    path = source / RECORDS if source.is_dir() else source
    if (source / MANIFEST).exists():
        require(source, (RECORDS, PLAN))
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        raise StoreError(f"there is no {path}") from None
    records = tuple(_record(path, number, line) for number, line in enumerate(lines, start=1) if line.strip())
    return _named(source), records


def _on_the_board(prefix: str) -> list[Record]:
    """The published records whose ids start so; none where nothing was published."""
    if not protocol.path().is_file():
        return []
    return [row.record for row in board(protocol.path()).rows if row.id.startswith(prefix)]


def _named(source: Path) -> str:
    if not source.is_dir():
        return source.stem if SAFE_NAME.fullmatch(source.stem) else "published"
    try:
        name = Plan.model_validate_json((source / PLAN).read_bytes()).name
    except (OSError, ValueError) as error:
        raise StoreError(f"{source / PLAN} is missing or damaged ({str(error).splitlines()[0]})") from None
    if not SAFE_NAME.fullmatch(name):
        raise StoreError(f"{source / PLAN} names its study {name!r}, which cannot be the name of one")
    return name


def _record(path: Path, number: int, line: bytes) -> Record:
    """A record, with or without the checksum of a ledger's line."""
    try:
        return ledger.unseal(line) if is_sealed(line) else Record.from_json(line)
    except ledger.Incompatible:
        raise
    except ValueError as error:
        raise StoreError(f"{path} line {number} is no record: {str(error).splitlines()[0]}") from None


def _one(records: Sequence[Record], prefix: str, source: Path) -> Record:
    if len(prefix) < SHORTEST_PREFIX:
        raise StoreError(f"{prefix!r} is too short; give at least {SHORTEST_PREFIX} characters of an id")
    found = {record.id: record for record in records if record.id.startswith(prefix)}
    if len(found) > 1:
        raise StoreError(f"{prefix!r} is ambiguous; it could be {', '.join(sorted(found)[:10])}")
    if not found:
        raise StoreError(f"no record {prefix!r} among the {len(records):,} of {source}")
    return next(iter(found.values()))


def _of_study(study: str, records: Sequence[Record], sample: int | None) -> Asked:
    """Those with a result; of these some that depend on their ids alone, if not all are wanted."""
    there = [record for record in records if record.outcome in RESULTS]
    chosen = there
    if sample is not None and sample < len(there):
        drawn = {record.id for record in sorted(there, key=lambda record: _drawn(record.id))[:sample]}
        chosen = [record for record in there if record.id in drawn]
    if not chosen:
        raise StoreError(f"{study} has no finished record to reproduce")
    return Asked(study, tuple(chosen), whole=True, left_out=len(records) - len(chosen))


def _drawn(id: str) -> str:
    return hashlib.sha256(id.encode()).hexdigest()
