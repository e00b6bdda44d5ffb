"""Where a sweep reads and writes: the store, MLflow, and the data of tasks."""

import contextlib
import os
import sqlite3
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

from suite import catalog
from suite.disk import FEWEST_FILES, LOW_WATER
from suite.doctor.finding import Finding
from suite.store import Store

PATIENCE = 3.0  # seconds for MLflow to answer
DAY = 86400.0
EARLIEST = 1_735_689_600.0  # 2025; a clock before that was never set


def folder(root: Path) -> Finding:
    """Whether a sweep could write there; nothing is made."""
    there = next(place for place in (root.absolute(), *root.absolute().parents) if place.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        return Finding("store", "ill", f"{there} cannot be written", "wonderland sweep first --runs ANOTHER_FOLDER")
    disk = os.statvfs(there)
    free = disk.f_bavail * disk.f_frsize
    if free < LOW_WATER or (disk.f_files and disk.f_favail < FEWEST_FILES):
        says = f"{free / 2**20:.0f} MiB and {disk.f_favail} files are free in {there}, which is too little"
        return Finding("store", "ill", says, "wonderland gc")
    return Finding("store", "well", f"{root} can be written, {free / 2**30:.0f} GiB free")


def clock(store: Store) -> Finding:
    """Nothing is decided by it; but people read times, and certificates have dates."""
    now = time.time()
    latest = max((path.stat().st_mtime for path in store.root.glob("*/ledger-*.jsonl")), default=0.0)
    if now < EARLIEST or latest > now + DAY:
        says = f"the clock says {time.strftime('%Y-%m-%d', time.gmtime(now))}"
        return Finding("clock", "note", f"{says}, which is before the newest record or this version")
    return Finding("clock", "well", time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(now)))


def mlflow(store: Store) -> Finding:
    from suite.tracking import SQLITE, address, redacted

    where = address(store)
    if where.startswith(SQLITE):
        return _database(Path(where.removeprefix(SQLITE)))
    if urlsplit(where).scheme not in ("http", "https"):
        return Finding("MLflow", "note", f"{redacted(where)} is not looked at")
    try:
        with urllib.request.urlopen(f"{where.rstrip('/')}/health", timeout=PATIENCE) as answer:
            return Finding("MLflow", "well", f"{redacted(where)} answers ({answer.status})")
    except (OSError, ValueError) as error:  # what is refused is an answer too
        if isinstance(error, urllib.error.HTTPError) and error.code in (401, 403):
            fix = "export MLFLOW_TRACKING_USERNAME=... MLFLOW_TRACKING_PASSWORD=..."
            return Finding("MLflow", "ill", f"{redacted(where)} answers {error.code}", fix)
        reason = redacted(str(getattr(error, "reason", error)))
        fix = "unset MLFLOW_TRACKING_URI, or start the server; sweeps run without it, and wonderland sync catches up"
        return Finding("MLflow", "ill", f"{redacted(where)} does not answer: {reason}", fix)


def _database(path: Path) -> Finding:
    if not path.exists():
        return Finding("MLflow", "well", f"{path} is made by the first sweep")
    try:
        with contextlib.closing(sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)) as database:
            database.execute("BEGIN IMMEDIATE")
            database.execute("ROLLBACK")
    except sqlite3.Error as error:
        fix = f"mv {path} {path}.old && wonderland sync"
        return Finding("MLflow", "ill", f"{path}: {error}; it is only a mirror and can be made again", fix)
    return Finding("MLflow", "well", f"{path} can be written")


def data() -> Finding:
    """Of tasks whose data is fetched: how many are here, and whether what is here is whole."""
    from tasks.fetch import folder as kept_in
    from tasks.fetch import is_here, location

    files = {name: catalog.task(name).files for name in catalog.task_names()}
    fetched = {name: members for name, members in files.items() if members}
    here = [name for name, members in fetched.items() if all(map(is_here, members))]
    broken = [
        name for name, members in fetched.items() if any(location(m).exists() and not is_here(m) for m in members)
    ]
    if broken:
        says = f"the data of {', '.join(broken)} is not what it should be"
        return Finding("data", "ill", says, f"wonderland fetch {' '.join(broken)}")
    says = f"{len(here)} of {len(fetched)} data sets are fetched, in {kept_in()}"
    if len(here) < len(fetched):
        return Finding("data", "note", f"{says}; the rest comes when it is first used", "wonderland fetch")
    return Finding("data", "well", says)
