"""An engine without Ray: speaks suite/protocol.py, answers every trial at once, and misbehaves when told to.

Start a sweep with `Settings(engine="tests.fake_engine")`. The environment says the rest:

    FAKE_ANSWERS   a JSON file of record lines by trial, made by `book`; without it records are made here, which is slow
    FAKE_LOG       a file that gets the id of every trial that is begun
    FAKE_FAULT     `NAME:N` does NAME (see `_misbehave`) instead of, or beside, answering the Nth trial, from 0;
                   `looking:N` takes N seconds to come up and says so, as on a cluster whose nodes are slow
    FAKE_ONCE      a file that is made by the first engine that misbehaves, so that the next one behaves
    FAKE_PACE      seconds per trial
    FAKE_DEADLY    ids of trials that take the engine down, each time
"""

import json
import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from suite.child import when_orphaned

Say = Callable[[str], None]
LONG = 8 * 2**20  # bytes in a line that no record has
NOBODY = "0" * 12  # the id of no trial


def book(trials: "tuple[Any, ...]") -> dict[str, str]:
    """The record line of each trial, by the trial as it stands in an order."""
    return {key(trial.model_dump(mode="json")): made(trial).to_json() for trial in trials}


def key(trial: Any) -> str:
    return json.dumps(trial, sort_keys=True)


def made(trial: Any) -> Any:
    """A record that a sweep of today takes for an answer; its scores follow from the trial's id alone."""
    from suite import catalog
    from suite.data import data
    from suite.provenance import provenance
    from suite.record import Cost, Point, Record, Result

    task = catalog.task(trial.task)
    score = int(trial.id[:8], 16) / 2**32
    return Record(
        trial=trial,
        metric=task.metric,
        chance=task.chance,
        result=Result(
            outcome="finished",
            steps=trial.budget.steps,
            valid=score,
            test=score / 2,
            curve=(Point(step=trial.budget.steps, loss=1.0 - score, valid=score),),
            weights=trial.id + "0000",
        ),
        cost=Cost(parameters=1, flops=1, seconds=0.001, peak_memory_mb=1.0),
        provenance=provenance(trial.task, trial.architecture, data(trial.task, trial.seed).fingerprint),
    )


def main(slots: int, folder: str) -> None:
    jobs: list[Any] = []
    given, stopped = threading.Event(), threading.Event()
    name, _, turn = os.environ.get("FAKE_FAULT", "").partition(":")
    when_orphaned(signal.SIGCONT)  # as the real one, which cleans up
    Path(folder).mkdir(mode=0o700)
    if name == "deaf":  # reads nothing, ever
        time.sleep(600.0)
    threading.Thread(target=_listen, args=(jobs, given, stopped, folder), daemon=True).start()
    say = _protocol()
    if name == "looking":
        for _ in range(10 * int(turn)):
            say("looking")
            time.sleep(0.1)
        name = ""
    say(f"ready {slots}")
    given.wait()
    answers = json.loads(Path(os.environ["FAKE_ANSWERS"]).read_bytes()) if "FAKE_ANSWERS" in os.environ else {}
    misbehaves = bool(name) and _first(os.environ.get("FAKE_ONCE"))
    for number, job in enumerate(jobs):
        if stopped.is_set():
            break
        line = answers.get(key(job["trial"])) or _made(job["trial"])
        id = json.loads(line)["id"]
        say(f"started {id} {os.getpid()}")
        _log(id)
        time.sleep(float(os.environ.get("FAKE_PACE", "0")))
        if id in os.environ.get("FAKE_DEADLY", "").split():
            os._exit(1)
        if not (misbehaves and number == int(turn) and _misbehave(name, say, id, line)):
            say(f"record {line}")
    say("done")
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)


def _made(trial: Any) -> str:
    from suite.trial import Trial

    return str(made(Trial.model_validate_json(json.dumps(trial))).to_json())


def _misbehave(name: str, say: Say, id: str, line: str) -> bool:
    """Do what no engine should; whether that took the place of the answer."""
    if name == "die":
        os._exit(1)
    elif name == "tear":  # as an engine that is killed while it speaks
        os.write(1, f"record {line[: len(line) // 2]}".encode())
        os._exit(1)
    elif name == "silent":
        time.sleep(600.0)
    elif name == "alive":  # and nothing else
        while True:
            say("alive")
            time.sleep(0.05)
    elif name == "done":
        say("done")
        os._exit(0)
    elif name == "long":
        os.write(1, b"record " + b"x" * LONG)
        time.sleep(600.0)
    elif name in ("crashed", "timed_out"):
        say(f"{name} {id}")
    elif name == "out_of_memory":  # which a worker says for itself
        record = json.loads(line)
        record["result"] = {"outcome": name, "steps": 0, "message": "MemoryError"}
        say(f"record {json.dumps(record)}")
    elif name == "twice":
        say(f"record {line}")
        return False
    elif name == "foreign":  # an answer to what nobody asked
        record = json.loads(line)
        record["trial"]["seed"] += 1_000_000
        say(f"record {json.dumps(record)}")
        return False
    elif name == "nan":  # which JSON does not know
        record = json.loads(line)
        record["result"]["valid"] = float("nan")
        say(f"record {json.dumps(record)}")
    elif name == "bytes":
        os.write(1, b"\xff\xfe\x00\n")
    else:
        say(NONSENSE[name].format(id=id, line=line, nobody=NOBODY))
    return True


NONSENSE = {
    "babble": "Hello, world!",
    "empty": "",
    "half": "record {{",
    "no_number": "ready many",
    "stranger": "started {nobody} 1",
    "ghost": "crashed {nobody}",
    "late_ghost": "timed_out {nobody}",
    "nothing": "record",
    "array": "record []",
}


def _first(marker: str | None) -> bool:
    """Whether nobody made that file before; it is there afterwards."""
    if marker is None:
        return True
    try:
        os.close(os.open(marker, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return False
    return True


def _log(id: str) -> None:
    if "FAKE_LOG" in os.environ:
        with Path(os.environ["FAKE_LOG"]).open("a") as log:
            log.write(id + "\n")


def _protocol() -> Say:
    def say(line: str) -> None:
        data = f"{line}\n".encode()
        while data:
            try:
                data = data[os.write(1, data) :]
            except BrokenPipeError:  # the supervisor is gone, and _listen is about to clean up
                time.sleep(60.0)

    return say


def _listen(jobs: list[Any], given: threading.Event, stopped: threading.Event, folder: str) -> None:
    for line in sys.stdin:
        if line.strip() == "stop":
            stopped.set()
        elif not given.is_set():
            said = json.loads(line)
            jobs += said if isinstance(said, list) else []
            if said == []:
                given.set()
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(1)  # the supervisor is gone


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
