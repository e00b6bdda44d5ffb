"""Cached reading of the store: a study is read and analysed again only when its files have changed."""

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from suite import ledger
from suite.answer import Answer
from suite.reproduction.kept import Kept, kept
from suite.store import Status, Store, StoreError

NANOSECONDS = 1e9
Token = tuple[tuple[str, int, int], ...]


class Unreadable(Exception):
    """Something that cannot be shown, and why, in one sentence for people."""


@dataclass(frozen=True)
class Snapshot:
    """A study as it stood when its files were last read. The answer computes each of its tables once."""

    answer: Answer
    damaged: tuple[ledger.Damage, ...]
    newest: float | None  # when a record was last written, in seconds since 1970


def store() -> Store:
    """The store that this server shows: --runs=FOLDER after the script, WONDERLAND_RUNS, or runs."""
    given = [word.removeprefix("--runs=") for word in sys.argv[1:] if word.startswith("--runs=")]
    return Store(Path(given[-1] if given else os.environ.get("WONDERLAND_RUNS", "runs")))


def studies() -> tuple[str, ...]:
    with readable():
        return store().studies()


def snapshot(study: str) -> Snapshot:
    """The study as it is now."""
    with readable():
        here = store()
        token: Token = tuple(stamp for stamp in here.changed(study) if stamp[0] != "status.json")
        return _read(here.root, study, token)


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


@st.cache_resource(max_entries=16, show_spinner="Reading the records")
def _read(root: Path, study: str, token: Token) -> Snapshot:
    here = Store(root)
    plan, reading = here.plan(study), here.reading(study)
    held = ledger.current(reading.records)
    records = tuple(held[id] for id in plan.trials if id in held)
    damaged = tuple(damage for damage in reading.damaged if not damage.kept)
    times = [time for name, _, time in token if name.startswith("ledger")]
    return Snapshot(Answer(plan, records), damaged, max(times) / NANOSECONDS if times else None)
