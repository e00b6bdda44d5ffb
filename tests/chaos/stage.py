"""The stage: a process with everything imported, which forks a `wonderland` command whenever it is asked.

Importing torch takes seconds and forking takes milliseconds, so hundreds of sweeps a minute can be disturbed.
One JSON line comes in, one goes out:

    {"start": ["sweep", ...], "cwd": ..., "out": FILE, "environment": {}, "patches": {}, "trip": null}   {"pid": 1}
    {"wait": PID, "seconds": 60}                                                                         {"code": 0}
    {"load": [MODULE, ...]}                                                                              {}

`patches` sets module attributes for one command, as {"suite.running.SILENCE": 1.0}; `trip` lays a tripwire.
A code is negative for a signal, and null for a command that has not ended.
"""

import json
import os
import resource
import sys
import tempfile
import time
import traceback
from functools import partial
from importlib import import_module
from typing import Any

ENGINE = "tests.fake_engine"
EVERYTHING = (
    "suite.cli.main",
    "suite.sweep",
    "suite.outline",
    "suite.answer",
    "suite.report",
    "suite.display",
    "torch",
)


def main() -> None:
    for name in EVERYTHING:
        import_module(name)
    _see_all_data()
    for line in sys.stdin:
        asked = json.loads(line)
        print(json.dumps(_answer(asked)), flush=True)


def _answer(asked: dict[str, Any]) -> dict[str, Any]:
    if "start" in asked:
        return {"pid": _start(asked)}
    if "wait" in asked:
        return {"code": _wait(asked["wait"], asked["seconds"])}
    for name in asked["load"]:
        import_module(name)
    return {}


def _see_all_data() -> None:
    """What a sweep would find out each time about the trials used here."""
    from suite.arms import trials
    from suite.study import Study
    from tests.chaos.world import STUDY
    from tests.fake_engine import made

    for trial in trials(Study(**STUDY)):
        made(trial)


def _start(asked: dict[str, Any]) -> int:
    pid = os.fork()
    if not pid:
        _become(asked)
    return pid


def _become(asked: dict[str, Any]) -> None:
    """The command, in this process, until its end."""
    try:
        for name, value in asked["patches"].items():
            module, _, attribute = name.rpartition(".")
            setattr(import_module(module), attribute, value)
        os.environ.update(asked["environment"])
        tempfile.tempdir = None  # what it was found to be before
        os.chdir(asked["cwd"])
        _redirect(asked["out"])
        sys.argv = ["wonderland", *asked["start"]]
        code = _run(asked["trip"], asked.get("committed"))
    except BaseException:
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _run(trip: dict[str, Any] | None, committed: str | None) -> int:
    from suite.cli.main import main as command

    if "FAKE_REAL" not in os.environ:
        with_fake_engine()
    if committed:
        _note_commits(committed)
    if trip:
        from tests.chaos.tripwire import Tripwire

        Tripwire(**trip)
    if "FAKE_LARGEST" in os.environ:
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(os.environ["FAKE_LARGEST"]), resource.RLIM_INFINITY))
    if "FAKE_CLOCK" in os.environ:
        _jump(float(os.environ["FAKE_CLOCK"]))
    if "FAKE_FSYNC" in os.environ:
        _slow(float(os.environ["FAKE_FSYNC"]))
    try:
        command()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0


def with_fake_engine() -> None:
    """Let sweeps of this process use it, and spare them the statistics at the end, which are half a second."""
    from suite import report, settings

    settings.Settings = partial(settings.Settings, engine=ENGINE)  # type: ignore[assignment,misc]
    report.report = lambda *_: None


def _note_commits(path: str) -> None:
    """Write down the ids of every append to a ledger that has returned: what must never be lost."""
    from suite import ledger

    append, log = ledger.Ledger.append, os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    write = os.write

    def noted(self: ledger.Ledger, records: Any) -> None:
        append(self, records)
        write(log, "".join(f"{record.id}\n" for record in records).encode())

    ledger.Ledger.append = noted  # type: ignore[method-assign]


def _jump(seconds: float) -> None:
    """A wall clock that goes forth and back by so much, another way at every look."""
    real, looks = time.time, [0]

    def jumping() -> float:
        looks[0] += 1
        return real() + (seconds if looks[0] % 2 else -seconds)

    time.time = jumping


def _slow(seconds: float) -> None:
    """A disk that takes so long to force anything."""
    real = os.fsync

    def slow(file: int) -> None:
        time.sleep(seconds)
        real(file)

    os.fsync = slow


def _redirect(out: str) -> None:
    for number, name in ((0, os.devnull), (1, f"{out}.out"), (2, f"{out}.err")):
        file = os.open(name, os.O_RDWR | os.O_CREAT | os.O_TRUNC)
        os.dup2(file, number)
        os.close(file)
    sys.stdin, sys.stdout, sys.stderr = (
        os.fdopen(number, mode, encoding="utf-8", closefd=False) for number, mode in ((0, "r"), (1, "w"), (2, "w"))
    )


def _wait(pid: int, seconds: float) -> int | None:
    until = time.monotonic() + seconds
    while True:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() > until:
            return None
        time.sleep(0.005)


if __name__ == "__main__":
    main()
