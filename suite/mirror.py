"""The mirror's process, which shows the ledger in MLflow while a sweep runs."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from suite import disk
from suite.store import Store

LOG = "mirror.log"


@contextmanager
def mirrored(store: Store, name: str, *, wanted: bool) -> Iterator[subprocess.Popen[str] | None]:
    """The process that shows the ledger in MLflow meanwhile, unless it is not wanted."""
    if not wanted:
        yield None
        return
    with disk.log(store.folder(name) / LOG) as log:
        mirror = subprocess.Popen(
            [sys.executable, "-m", "suite.tracking", str(store.root.resolve()), name],
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


def finish(mirror: subprocess.Popen[str] | None, patience: float) -> bool:
    """Give the mirror a while to catch up; whether it did. `wonderland sync` does it at any later time."""
    if mirror is None:
        return True
    assert mirror.stdin is not None
    try:
        mirror.stdin.write("finish\n")
        mirror.stdin.close()
        return mirror.wait(timeout=patience) == 0
    except (BrokenPipeError, subprocess.TimeoutExpired):
        return False
