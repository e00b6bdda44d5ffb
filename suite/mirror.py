"""The mirror's process, which shows the ledger in MLflow while a sweep runs."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

from suite import child, disk
from suite.signals import Signals
from suite.store import Store

LOG = "mirror.log"
HURRY = 1.0  # seconds to catch up in, once somebody wants to go
SLICE = 0.1  # seconds between two looks at it


@contextmanager
def mirrored(store: Store, name: str, *, wanted: bool) -> Iterator[subprocess.Popen[str] | None]:
    """The process that shows the ledger in MLflow meanwhile, unless it is not wanted."""
    if not wanted:
        yield None
        return
    with disk.log(store.folder(name) / LOG) as log:
        mirror = subprocess.Popen(
            child.command("suite.tracking", str(store.root.resolve()), name),
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            text=True,
            start_new_session=True,
        )
    try:
        yield mirror
    finally:
        mirror.kill()
        mirror.wait(timeout=5.0)


def finish(mirror: subprocess.Popen[str] | None, patience: float, signals: Signals) -> bool:
    """Give the mirror up to `patience` seconds to catch up, and after a signal a second; whether it did.

    `wonderland sync` does it at any later time.
    """
    if mirror is None:
        return True
    assert mirror.stdin is not None
    try:
        mirror.stdin.write("finish\n")
        mirror.stdin.close()
    except BrokenPipeError:
        return False
    began = time.monotonic()
    while mirror.poll() is None and time.monotonic() - began < (HURRY if signals.received else patience):
        time.sleep(SLICE)
    return mirror.poll() == 0
