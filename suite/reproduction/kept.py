"""Verdicts that are kept: dated lines in the study's folder, only ever added to, each with its checksum.

Several processes may add at once. A line that somebody was killed over is left as it is: the next writer begins a new
line after it, and readers pass over what has no valid checksum.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from pydantic import Field

from suite.disk import append, force_folder, make_folder
from suite.record import Record
from suite.reproduction.several import Summary
from suite.reproduction.verdict import Kind, Verdict
from suite.sealed import sealed, unsealed
from suite.store import Store
from suite.trial import Plain

FILE = "verdicts.jsonl"


class Kept(Plain):
    """One verdict on one record, or under the study's name on many.

    `when` is ISO 8601 in UTC. `against` is the numerics class it was trained again in, empty where it was not.
    `result` and `answered_by` are those of the record that was judged, so that a verdict is not taken for one on a
    later record of the same trial. `moved` names the digests that were others.
    """

    id: str
    verdict: Kind
    when: str
    against: dict[str, str] = Field(default_factory=dict)
    words: str = ""
    moved: tuple[str, ...] = ()
    times: int = 1
    commit: str | None = None  # checked out for it; None for the code as it was
    result: str = ""
    answered_by: str = ""

    def judges(self, record: Record) -> bool:
        """Whether it is a verdict on this record, and not on another of the same trial."""
        asked = (record.id, record.result.digest, record.answered_by)
        return (self.id, self.result, self.answered_by) == asked


def kept(store: Store, study: str) -> tuple[Kept, ...]:
    """All verdicts on records of the study, in the order in which they were given."""
    return read(store.folder(study) / FILE)


def read(path: Path) -> tuple[Kept, ...]:
    """The verdicts in a file; none where there is no file."""
    try:
        lines = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        return ()
    return tuple(found for found in map(_unsealed, lines) if found is not None)


def latest(verdicts: Iterable[Kept]) -> dict[str, Kept]:
    """The last verdict on each trial."""
    return {one.id: one for one in verdicts}


def of(record: Record, verdict: Verdict, now: datetime | None = None) -> Kept:
    """The verdict as it is kept, dated now."""
    return Kept(
        id=record.id,
        verdict=verdict.kind,
        when=(now or datetime.now(UTC)).isoformat(timespec="seconds"),
        against={} if verdict.again is None else verdict.again.provenance.numerics,
        words=verdict.reason,
        moved=tuple(what for what, _, _ in verdict.moved),
        times=verdict.times,
        commit=verdict.commit,
        result=record.result.digest,
        answered_by=record.answered_by,
    )


def of_study(study: str, found: Summary, now: datetime | None = None) -> Kept:
    """The one verdict on many of a study's records, under the study's name."""
    when = (now or datetime.now(UTC)).isoformat(timespec="seconds")
    return Kept(id=study, verdict=found.kind, when=when, words=found.reason)


def keep(store: Store, study: str, verdicts: Sequence[Kept]) -> None:
    """Add verdicts to those of the study, and force them to disk."""
    folder = store.folder(study)
    make_folder(folder)
    append(folder / FILE, b"".join(map(seal, verdicts)), mode=0o600)
    force_folder(folder)


def seal(verdict: Kept) -> bytes:
    """One line: the verdict, sealed."""
    return sealed(verdict.model_dump_json().encode())


def _unsealed(line: bytes) -> Kept | None:
    """The verdict in a line, or None if it is not whole, or not what was written."""
    try:
        return Kept.model_validate_json(unsealed(line), strict=False)
    except ValueError:
        return None
