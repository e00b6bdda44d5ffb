"""The ledger: records on disk as append-only JSON lines, each with its checksum, forced to disk. The truth.

A folder holds segments `ledger-000001.jsonl`, ... Every owner writes a segment of its own, so nobody ever
writes after the torn last line of somebody who was killed, and nothing is ever repaired or rewritten.
"""

import fcntl
import hashlib
import json
import os
import platform
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from suite.record import Record

SEGMENT = "ledger-{:06d}.jsonl"
SEGMENTS = "ledger-*.jsonl"
LOCK = "lock"
SEAL = b',"sum":"'
SEAL_LENGTH = len(SEAL) + 16 + len(b'"}')


class Locked(Exception):
    """Somebody else is writing here; the message says who."""

    exit_code = 5


@dataclass(frozen=True)
class Damage:
    """A line that is not the record that was written: where it stands and what is wrong with it."""

    segment: str
    line: int
    reason: str


@dataclass(frozen=True)
class Reading:
    """What a ledger holds: records in the order written, damaged lines, and how many segments end in a torn line."""

    records: tuple[Record, ...]
    damaged: tuple[Damage, ...]
    torn: int


def seal(record: Record) -> bytes:
    """One line: the record's JSON with the checksum of everything before it as its last key."""
    body = record.to_json().encode()[:-1]
    return body + SEAL + _checksum(body) + b'"}\n'


def unseal(line: bytes) -> Record:
    """The record in a line, without its newline. Raises ValueError unless it is what was written."""
    body, mark, checksum = line[:-SEAL_LENGTH], line[-SEAL_LENGTH : -SEAL_LENGTH + len(SEAL)], line[-18:-2]
    if mark != SEAL or not line.endswith(b'"}'):
        raise ValueError("no checksum at its end")
    if checksum != _checksum(body):
        raise ValueError("checksum does not match")
    return Record.from_json(body + b"}")


def read(folder: Path) -> Reading:
    """Everything in the segments of `folder`; safe while somebody is writing, and changes nothing."""
    records: list[Record] = []
    damaged: list[Damage] = []
    torn = 0
    for path in segments(folder):
        *lines, tail = path.read_bytes().split(b"\n")
        torn += bool(tail)
        for number, line in enumerate(lines, start=1):
            try:
                records.append(unseal(line))
            except ValueError as error:
                damaged.append(Damage(path.name, number, str(error).splitlines()[0]))
    return Reading(tuple(records), tuple(damaged), torn)


class Tail:
    """The records that were added to a ledger since the last look; for those who follow a running sweep."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen: dict[Path, int] = {}

    def fresh(self) -> list[Record]:
        """Whole and undamaged records only."""
        records: list[Record] = []
        for path in segments(self._folder):
            start = self._seen.get(path, 0)
            if path.stat().st_size <= start:
                continue
            with path.open("rb") as file:
                file.seek(start)
                whole, newline, _ = file.read().rpartition(b"\n")
            self._seen[path] = start + len(whole) + len(newline)
            records.extend(_undamaged(whole.split(b"\n")))
        return records


def _undamaged(lines: Iterable[bytes]) -> Iterator[Record]:
    for line in lines:
        try:
            yield unseal(line)
        except ValueError:
            continue


def segments(folder: Path) -> list[Path]:
    return sorted(folder.glob(SEGMENTS))


def current(records: Iterable[Record]) -> dict[str, Record]:
    """The record that counts for each trial id.

    The first one wins over copies. A record that was answered by other code, data or numerics replaces what
    was there before, and so does any record after a crash, which is no answer.
    """
    held: dict[str, Record] = {}
    for record in records:
        before = held.get(record.id)
        if before is None or before.result.outcome == "crashed" or before.answered_by != record.answered_by:
            held[record.id] = record
    return held


@contextmanager
def owned(folder: Path) -> Iterator["Ledger"]:
    """The ledger of `folder`, for one owner at a time. Raises Locked at once if there is another.

    The kernel holds the lock for the life of this process, so a dead owner leaves none behind.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lock = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Locked(f"{folder} is being written by {_owner(lock)}") from None
        os.ftruncate(lock, 0)
        os.pwrite(lock, json.dumps({"pid": os.getpid(), "host": platform.node()}).encode(), 0)
        ledger = Ledger(folder)
        try:
            yield ledger
        finally:
            ledger.close()
    finally:
        os.close(lock)


class Ledger:
    """The writing end. A record counts only once `append` has returned."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._segment: int | None = None
        self._broken = False

    def append(self, records: Sequence[Record]) -> None:
        """Write the records and force them to disk. After an OSError nothing more can be written here.

        An error leaves it unknown what reached the disk, so the writer must stop and the reader decide.
        """
        if not records:
            return
        if self._broken:
            raise OSError("an earlier write to this ledger failed")
        try:
            if self._segment is None:
                self._segment = _new_segment(self.folder)
            _write(self._segment, b"".join(map(seal, records)))
            os.fsync(self._segment)
        except OSError:
            self._broken = True
            raise

    def close(self) -> None:
        if self._segment is not None:
            os.close(self._segment)
            self._segment = None


def _new_segment(folder: Path) -> int:
    last = max((int(path.stem.removeprefix("ledger-")) for path in segments(folder)), default=0)
    path = folder / SEGMENT.format(last + 1)
    segment = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    force_folder(folder)
    return segment


def force_folder(folder: Path) -> None:
    """Force a folder's list of files to disk: a new or renamed file is not safe before that."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write(file: int, data: bytes) -> None:
    view = memoryview(data)
    while view:  # the system may take less than it was given, as on a disk that is nearly full
        view = view[os.write(file, view) :]


def _checksum(body: bytes) -> bytes:
    return hashlib.sha256(body).hexdigest()[:16].encode()


def _owner(lock: int) -> str:
    try:
        owner = json.loads(os.pread(lock, 4096, 0))
        return f"process {owner['pid']} on {owner['host']}"
    except (ValueError, KeyError, TypeError):
        return "another process"
