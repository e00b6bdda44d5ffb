"""The ledger: records on disk as append-only JSON lines, each with its checksum, forced to disk. The truth.

A folder holds segments `ledger-000001.jsonl`, ... Every owner writes a segment of its own, so nobody ever
writes after the torn last line of somebody who was killed, and nothing is ever repaired or rewritten.
"""

import fcntl
import json
import os
import platform
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from suite import quarantine
from suite.bulk import bulk
from suite.disk import force, force_folder, make_folder, named, write
from suite.record import SCHEMA, Outcome, Record
from suite.sealed import sealed, unsealed

SEGMENT = "ledger-{:06d}.jsonl"
SEGMENTS = "ledger-*.jsonl"
NUMBERED = re.compile(r"ledger-(\d{1,9})\.jsonl")
LOCK = "lock"
LOST: tuple[Outcome, ...] = ("crashed", "timed_out", "out_of_memory")  # by what runs a trial; no answer to what it asks


class Locked(Exception):
    """Somebody else is writing here; the message says who."""

    exit_code = 5


class Incompatible(ValueError):
    """Something in a ledger that must be neither read nor skipped; the message says what to do."""

    exit_code = 6


@dataclass(frozen=True)
class Damage:
    """A line that is not the record that was written: where it stands and what is wrong with it.

    `kept` says that an owner has put a copy aside, and counted its trial as not answered.
    """

    segment: str
    line: int
    reason: str
    kept: bool = False


@dataclass(frozen=True)
class Reading:
    """What a ledger holds: records in the order written, damaged lines, and how many segments end in a torn line."""

    records: tuple[Record, ...]
    damaged: tuple[Damage, ...]
    torn: int


def seal(record: Record) -> bytes:
    """One line: the record, sealed."""
    return sealed(record.to_json().encode())


def unseal(line: bytes) -> Record:
    """The record in a line, without its newline.

    Raises ValueError unless it is what was written, and Incompatible if a later version wrote it.
    """
    text = unsealed(line)
    try:
        record = Record.from_json(text)
    except ValueError:
        _refuse_newer(json.loads(text).get("schema_version"))
        raise
    _refuse_newer(record.schema_version)
    return record


def _refuse_newer(version: object) -> None:
    """Raise Incompatible for a later format: SCHEMA is raised with all that earlier readers would take for damage."""
    if isinstance(version, int) and version > SCHEMA:
        raise Incompatible(
            f"a later Wonderland wrote it (format {version}, this one reads up to {SCHEMA}); "
            "update Wonderland, or use another store with --runs"
        )


def read(folder: Path) -> Reading:
    """Everything in the segments of `folder`; safe while somebody is writing, and changes nothing."""
    with bulk():
        found = list(scan(folder))
    records = tuple(line for line in found if isinstance(line, Record))
    damaged = tuple(line for line in found if isinstance(line, Damage))
    return Reading(records, damaged, torn=sum(line is None for line in found))


def scan(folder: Path) -> Iterator[Record | Damage | None]:
    """The same line by line, for those who need not hold it all; None for a torn one."""
    for path in segments(folder):
        with regular(path).open("rb") as file:
            for number, line in enumerate(file, start=1):
                yield _found(path, number, line[:-1]) if line.endswith(b"\n") else None


def _found(path: Path, number: int, line: bytes) -> Record | Damage:
    try:
        return unseal(line)
    except Incompatible as error:
        raise Incompatible(f"{path} line {number}: {error}") from None
    except ValueError as error:
        own(path.parent / quarantine.FOLDER)
        kept = quarantine.holds(path, number, line)
        return Damage(path.name, number, str(error).splitlines()[0], kept)


def segments(folder: Path) -> list[Path]:
    return sorted(folder.glob(SEGMENTS))


def regular(path: Path) -> Path:
    """The path, if a file lies there. Raises Incompatible for a link, which may lead anywhere, and for a folder."""
    if path.is_symlink() or not path.is_file():
        kind = "a link" if path.is_symlink() else "no file"
        raise Incompatible(f"{path} is {kind}, and nothing that Wonderland put there; move it away")
    return path


def own(folder: Path) -> Path:
    """The path, if a folder lies there, or nothing. Raises Incompatible for a link, and for a file."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        kind = "a link" if folder.is_symlink() else "no folder"
        raise Incompatible(f"{folder} is {kind}, and nothing that Wonderland put there; move it away")
    return folder


def put_aside(folder: Path, damaged: Sequence[Damage]) -> None:
    """Put damaged lines in quarantine. For the owner, who is about to run their trials again.

    Raises Incompatible if the quarantine is a link, which may lead anywhere.
    """
    own(folder / quarantine.FOLDER)
    lines: dict[str, list[int]] = {}
    for damage in damaged:
        lines.setdefault(damage.segment, []).append(damage.line)
    for name in {damage.segment for damage in damaged if not damage.kept}:
        quarantine.put(folder / name, lines[name])


class Answer(Protocol):
    """A record, or what somebody keeps of one."""

    @property
    def id(self) -> str: ...

    @property
    def outcome(self) -> Outcome: ...

    @property
    def answered_by(self) -> str: ...


A = TypeVar("A", bound=Answer)


def current(answers: Iterable[A]) -> dict[str, A]:
    """The record that counts for each trial id.

    The first one wins over copies. A record that was answered by other code, data or numerics replaces what
    was there before, and so does any record after one that was lost, which is no answer.
    """
    held: dict[str, A] = {}
    for answer in answers:
        if _counts(answer, held.get(answer.id)):
            held[answer.id] = answer
    return held


def copies(answers: Iterable[A]) -> int:
    """How many of them count for nothing, because their trial had its answer."""
    held, passed_over = dict[str, A](), 0
    for answer in answers:
        if _counts(answer, held.get(answer.id)):
            held[answer.id] = answer
        else:
            passed_over += 1
    return passed_over


def _counts(answer: Answer, before: Answer | None) -> bool:
    return before is None or before.outcome in LOST or before.answered_by != answer.answered_by


@contextmanager
def owned(folder: Path) -> Iterator["Ledger"]:
    """The ledger of `folder`, for one owner at a time. Raises Locked at once if there is another.

    The kernel holds the lock for the life of this process, so a dead owner leaves none behind. Where a file system
    locks nothing, the writing end notices another owner by its segment.
    """
    make_folder(folder)
    lock = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Locked(f"{folder} is being written by {_owner(lock)}") from None
        if not _is_there(lock, folder / LOCK):
            raise Locked(f"{folder} was just given up by {_owner(lock)}, whose study was refused")
        with named(folder / LOCK):
            os.ftruncate(lock, 0)
            os.pwrite(lock, json.dumps({"pid": os.getpid(), "host": platform.node()}).encode(), 0)
        for last in segments(folder)[-1:]:
            force(regular(last))  # its owner may have been killed before it did; what we read must be safe
        ledger = Ledger(folder)
        try:
            yield ledger
        finally:
            ledger.close()
    finally:
        os.close(lock)


class Ledger:
    """The writing end. A record counts only once `append` has returned.

    The number of its segment is its epoch: nobody else can make a file of that name, and a higher one is a later owner.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._epoch = _last(folder) + 1
        self._segment: int | None = None
        self._broken = False

    def append(self, records: Sequence[Record]) -> None:
        """Write the records and force them to disk. After an OSError nothing more can be written here.

        An error leaves it unknown what reached the disk, so the writer must stop and the reader decide. Raises Locked
        if somebody else has begun to write here since.
        """
        if not records:
            return
        if self._broken:
            raise OSError("an earlier write to this ledger failed")
        try:
            if self._segment is None:
                self._segment = self._begin()
            if _last(self.folder) != self._epoch:
                raise self._taken()
            with named(self.folder):
                write(self._segment, b"".join(map(seal, records)))
                os.fsync(self._segment)
        except OSError:
            self._broken = True
            raise

    def close(self) -> None:
        if self._segment is not None:
            os.close(self._segment)
            self._segment = None

    def _begin(self) -> int:
        path = self.folder / SEGMENT.format(self._epoch)
        try:
            segment = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        except FileExistsError:
            raise self._taken() from None
        force_folder(self.folder)
        return segment

    def _taken(self) -> Locked:
        return Locked(f"{self.folder} is being written by somebody else, who began {segments(self.folder)[-1].name}")


def _last(folder: Path) -> int:
    """The number of the last segment, or 0."""
    numbered = (NUMBERED.fullmatch(path.name) for path in segments(folder))
    return max((int(match[1]) for match in numbered if match), default=0)


def _is_there(file: int, path: Path) -> bool:
    """Whether the open file still has that name; a lock that nobody else can find locks nobody out."""
    return path.exists() and os.path.samestat(os.fstat(file), path.stat())


def _owner(lock: int) -> str:
    try:
        owner = json.loads(os.pread(lock, 4096, 0))
        return f"process {owner['pid']} on {owner['host']}"
    except (ValueError, KeyError, TypeError):
        return "another process"
