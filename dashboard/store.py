"""Cached reading of the store: a study is read and analysed again only when its files have changed.

While a sweep runs they always have. So a study that takes long to read is then read again only when ten times as long
has passed: the server has time for its viewers, and pages say how old they are.
"""

import logging
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import RLock

import streamlit as st

from suite import ledger
from suite.answer import Answer
from suite.reproduction.kept import Kept, kept
from suite.store import Status, Store, StoreError

NANOSECONDS = 1e9
MOST_HELD = 32  # studies
LONG = 2.0  # seconds of reading that are worth waiting with the next
REST = 10  # times as long as the reading took
Token = tuple[tuple[str, int, int], ...]


class Unreadable(Exception):
    """Something that cannot be shown, and why, in one sentence for people."""


@dataclass(frozen=True)
class Snapshot:
    """A study as it stood when its files were last read. The answer computes each of its tables once.

    Times are seconds since 1970, and `took` seconds.
    """

    answer: Answer
    damaged: tuple[ledger.Damage, ...]
    newest: float | None  # when a record was last written
    read: float
    took: float


@dataclass
class Held:
    """A snapshot of each study that was looked at, the last one youngest; one is read at a time."""

    found: dict[tuple[Path, str], tuple[Token, Snapshot]] = field(default_factory=dict)
    lock: RLock = field(default_factory=RLock)


def store() -> Store:
    """The store that this server shows: --runs=FOLDER after the script, WONDERLAND_RUNS, or runs."""
    given = [word.removeprefix("--runs=") for word in sys.argv[1:] if word.startswith("--runs=")]
    return Store(Path(given[-1] if given else os.environ.get("WONDERLAND_RUNS", "runs")))


def studies() -> tuple[str, ...]:
    with readable():
        return store().studies()


def snapshot(study: str) -> Snapshot:
    """The study as it is now, or was a little ago."""
    with readable():
        here, held = store(), _held()
        key = (here.root, study)
        with held.lock:
            token: Token = tuple(stamp for stamp in here.changed(study) if stamp[0] != "status.json")
            had = held.found.pop(key, None)  # put back as the youngest
            if had is not None and had[0] != token and not _will_do(had[1], here.status(study)):
                had = None  # gives its memory back before another is read
            held.found[key] = had or (token, _read(here, study, token))
            while len(held.found) > MOST_HELD:
                del held.found[next(iter(held.found))]
            return held.found[key][1]


def _will_do(old: Snapshot, status: Status | None) -> bool:
    """Whether a snapshot is still good enough, although more has been written since."""
    running = status is not None and status.state == "running"
    return running and old.took > LONG and time.time() - old.read < REST * old.took


def status(study: str) -> Status | None:
    """How the study's last sweep stands; never cached, because its heartbeat is the point."""
    with readable():
        return store().status(study)


def verdicts(study: str) -> tuple[Kept, ...]:
    """What came of making records of the study again, in the order of time."""
    with readable():
        return kept(store(), study)


@contextmanager
def readable() -> Iterator[None]:
    """Turn everything that a store or its analysis can refuse into Unreadable."""
    try:
        yield
    except StoreError as error:
        raise Unreadable(str(error)) from error
    except (ValueError, OSError) as error:
        logging.getLogger(__name__).warning("shown to the viewer: %s", error, exc_info=error)
        raise Unreadable(str(error)) from error


@st.cache_resource(show_spinner=False)
def _held() -> Held:
    return Held()


def _read(here: Store, study: str, token: Token) -> Snapshot:
    began = time.time()
    plan, reading = here.plan(study), here.reading(study)
    held = ledger.current(reading.records)
    records = tuple(held[id] for id in plan.trials if id in held)
    damaged = tuple(damage for damage in reading.damaged if not damage.kept)
    times = [changed for name, _, changed in token if name.startswith("ledger")]
    newest = max(times) / NANOSECONDS if times else None
    return Snapshot(Answer(plan, records), damaged, newest, began, time.time() - began)
