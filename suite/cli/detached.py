"""A sweep in the background of this machine, which goes on when this terminal or connection is closed."""

import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from suite import document
from suite.cli.consent import NeedsYes, require_yes, says_yes
from suite.cli.say import fail, suggest

if TYPE_CHECKING:
    from suite.cli.asked import Asked
    from suite.plan import Workload
    from suite.store import Store

LOG = "sweep.log"
HEEDED = (0, 3)  # ends of a sweep that was so short that it was not seen
LOOK = 0.1  # seconds between two looks at whether it runs
PATIENCE = 120.0  # seconds in which it plans and begins


def consent(wanted: "Asked", work: "Workload", slots: int, *, agreed: bool) -> None:
    """Say what will be run, and ask here if it is much, because nobody can be asked later. Raises NeedsYes."""
    from suite.display import console
    from suite.estimate import Estimate
    from suite.outline import Outline

    seconds = Estimate(work.past, work.todo).range(work.todo, slots)
    for line in Outline(wanted.name, wanted.study, work, seconds, slots).lines():
        console(stderr=True).print(line, soft_wrap=True)
    try:
        if not agreed:
            require_yes(len(work.todo), seconds)
    except NeedsYes as error:
        if not says_yes(f"{error}."):
            raise


def begin(store: "Store", name: str, words: list[str], *, as_json: bool) -> None:
    """Start the command, wait until it sweeps, and say how to follow it; end as it does if it ends before that."""
    from suite import disk

    path = store.folder(name) / LOG
    disk.make_folder(path.parent)
    alone = ["--runs", str(store.root), "--yes", "--progress", "plain"]
    command = [sys.executable, "-m", "suite.cli", *words, *alone]
    with disk.log(path) as log:
        before = log.tell()
        child = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, close_fds=True
        )
    if _began(store, name, child) or child.returncode in HEEDED:
        _say(store, name, child, path, as_json)
        raise SystemExit(child.returncode or 0)
    said = path.read_bytes()[before:].decode(errors="replace").strip()
    if child.returncode is None:
        fail(
            4, f"{name} has not begun within {PATIENCE:g} seconds; it goes on trying as process {child.pid}, see {path}"
        )
    print(said, file=sys.stderr)
    raise SystemExit(child.returncode)


def _began(store: "Store", name: str, child: "subprocess.Popen[bytes]") -> bool:
    """Whether it sweeps; False if it has ended without, or takes too long."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        status = store.status(name)
        if status is not None and status.pid == child.pid and status.state == "running":
            return True
        if child.poll() is not None:
            return False
        time.sleep(LOOK)
    return False


def _say(store: "Store", name: str, child: "subprocess.Popen[bytes]", log: Path, as_json: bool) -> None:
    if as_json:
        document.show({"study": name, "pid": child.pid, "log": str(log)})
        return
    from suite.display import console

    runs = "runs" if child.returncode is None else "ran"
    console().print(f"{name} {runs} in the background as process {child.pid}; what it says is in {log}", soft_wrap=True)
    suggest(store.root, ["status", name, "--watch"], ["status", name, "--wait"], ["stop", name])
