"""When trials ran, and in which slot: beside the ledger, for people to look at. Nothing is decided by it.

runs/first/spans.jsonl           a line per trial that ended, in the order of ending

A span that was lost, or that nobody wrote down, is only missing from a picture; so nothing here is forced to disk, and
no error stops a sweep.
"""

import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from pydantic import ValidationError

from suite.trial import Plain

FILE = "spans.jsonl"
LATE = 0.5  # seconds by which news of an end may come after that of the next beginning


class Span(Plain):
    """From when to when a trial ran, in seconds since 1970, and in which slot, counted from 1."""

    id: str
    slot: int
    began: float
    ended: float


class Spans:
    """Told of every trial that begins and ends in a sweep; writes down when.

    A slot is a row in which one trial comes after the other. Which process it was is of no interest, and news of a
    beginning may come a little before that of the end before it, so slots are found from the times.
    """

    def __init__(self, folder: Path, clock: Callable[[], float] = time.time) -> None:
        self._path, self._clock = folder / FILE, clock
        self._running: dict[str, float] = {}
        self._free_since: list[float] = []  # of each slot

    def begin(self, id: str) -> None:
        self._running[id] = self._clock()

    def end(self, id: str, seconds: float) -> None:
        """It took so many seconds by its own clock, of which its beginning may have been heard too late."""
        if id not in self._running:
            return
        now = self._clock()
        began = min(self._running.pop(id), now - seconds)
        free = [slot for slot, since in enumerate(self._free_since) if since <= began + LATE]
        if not free:
            self._free_since.append(began)
        slot = max(free, key=self._free_since.__getitem__) if free else len(self._free_since) - 1
        began = min(max(began, self._free_since[slot]), now)
        self._free_since[slot] = now
        self._write(Span(id=id, slot=slot + 1, began=round(began, 3), ended=round(now, 3)))

    def interrupt(self) -> None:
        """The workers are gone; nothing runs."""
        self._running.clear()

    def _write(self, span: Span) -> None:
        with suppress(OSError):
            file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
            try:
                os.write(file, f"{span.model_dump_json()}\n".encode())
            finally:
                os.close(file)


def read(folder: Path, since: float = 0.0) -> tuple[Span, ...]:
    """The spans that ended since then, in the order written; what cannot be read is left out."""
    path = folder / FILE
    try:
        lines = b"" if path.is_symlink() else path.read_bytes()
    except OSError:
        return ()
    found = []
    for line in lines.splitlines():
        with suppress(ValidationError):
            span = Span.model_validate_json(line)
            if span.ended >= since:
                found.append(span)
    return tuple(found)
