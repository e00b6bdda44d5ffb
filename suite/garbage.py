"""What nobody needs any more: folders of engines that were killed, half-written files, data of tasks that are gone.

Records, plans and what is in quarantine are never garbage.
"""

import fcntl
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import psutil

from suite import catalog, ledger
from suite.store import Store

ENGINE = re.compile(r"wl-[0-9a-z_]{8}")  # the folder that an engine has for its Ray
PACKAGE = re.compile(r".+-\d[^-]*")  # the folder of what was fetched from one version of a package
HALF = ".*.new"  # what replace_file had not renamed yet
CHECKPOINTS = "checkpoints"


class Garbage(NamedTuple):
    """A file or folder, how many bytes it has, and why nobody needs it."""

    path: Path
    bytes: int
    why: str


def find(store: Store) -> list[Garbage]:
    """All of it, the largest first. Changes nothing."""
    found = [*_engines(), *_of_store(store), *_data()]
    return sorted(found, key=lambda one: (-one.bytes, str(one.path)))


def remove(garbage: Garbage) -> None:
    """Delete it. A link is deleted, and not what it leads to."""
    if garbage.path.is_dir() and not garbage.path.is_symlink():
        shutil.rmtree(garbage.path)
    else:
        garbage.path.unlink(missing_ok=True)


def _engines() -> Iterator[Garbage]:
    """Folders that no process was started with; those of others are theirs."""
    mine = [
        path
        for path in Path(tempfile.gettempdir()).glob("wl-*")
        if ENGINE.fullmatch(path.name)
        and path.is_dir()
        and not path.is_symlink()
        and path.lstat().st_uid == os.getuid()
    ]
    words = _words() if mine else ""
    for path in mine:
        if path.name not in words:
            yield Garbage(path, _size(path), "an engine was killed before it could tidy up")


def _words() -> str:
    """All command lines of all processes."""
    lines = list[str]()
    for process in psutil.process_iter(["cmdline"]):
        lines += process.info["cmdline"] or []
    return "\n".join(lines)


def _of_store(store: Store) -> Iterator[Garbage]:
    for folder in sorted(path.parent for path in store.root.glob("*/plan.json")):
        if folder.is_symlink() or _is_owned(folder):
            continue
        for half in sorted(folder.glob(HALF)):
            yield Garbage(half, _size(half), "its writer was killed before it was whole")
        yield from _checkpoints(store, folder)


def _checkpoints(store: Store, folder: Path) -> Iterator[Garbage]:
    """What long trials had learned when they were stopped, of those that have an answer by now."""
    checkpoints = [] if (folder / CHECKPOINTS).is_symlink() else sorted((folder / CHECKPOINTS).glob("*"))
    if checkpoints:
        answered = {record.id for record in store.records(folder.name)}
        for path in checkpoints:
            if path.name.lstrip(".").partition("-")[0] in answered:
                yield Garbage(path, _size(path), "its trial has an answer")


def _is_owned(folder: Path) -> bool:
    """Whether somebody sweeps there."""
    try:
        lock = os.open(folder / ledger.LOCK, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(lock)
    return False


def _data() -> Iterator[Garbage]:
    """Fetched packages that no task names any more, and downloads that were cut off."""
    from tasks.fetch import PATIENCE, folder, location

    root = folder()
    named = {location(member).parent for name in catalog.task_names() for member in catalog.task(name).files}
    for path in sorted(root.glob("*-*")):
        for part in sorted(path.glob(".fetching-*")):
            if time.time() - part.lstat().st_mtime > 2 * PATIENCE:
                yield Garbage(part, _size(part), "a download that was cut off")
        if path not in named and PACKAGE.fullmatch(path.name):
            yield Garbage(path, _size(path), "no task asks for it any more")


def _size(path: Path) -> int:
    """Bytes, with those of all that is below; what vanishes meanwhile has none."""
    total = 0
    for one in [path, *(path.rglob("*") if path.is_dir() and not path.is_symlink() else ())]:
        try:
            total += one.lstat().st_size
        except OSError:
            continue
    return total
