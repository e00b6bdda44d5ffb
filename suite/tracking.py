"""The mirror: the only door to MLflow. Shows a store's records as runs, and can be thrown away and made again.

One experiment per study, one run per trial, found by the tag `wonderland.trial_id`. Mirroring again does
nothing new, and finishes what a killed mirror left half done. During a sweep the mirror is a process beside
it, which reads the ledger as everybody does, so that a slow or missing server never holds up a trial.
"""

import io
import logging
import os
import re
import sqlite3
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple, TextIO

from suite import ledger
from suite.record import Record
from suite.store import Store
from suite.tail import Tail

TRIAL, ANSWER, OUTCOME = "wonderland.trial_id", "wonderland.answered_by", "wonderland.outcome"
SQLITE = "sqlite:///"
CREDENTIALS = re.compile(r"//(?P<name>[^:/@\s]*:)?[^\s'\"]*@")
PAGE = 1000
EVERY = 1.0  # seconds between looks at the ledger
AGAIN = 10.0  # seconds after which a server that failed is tried again
HASTY = {
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "5",
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1",
}  # nobody waits for a sweep's mirror
PATIENT = {"MLFLOW_HTTP_REQUEST_TIMEOUT": "30", "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2"}

os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")


class MirrorLost(Exception):
    """MLflow did not answer, or not as it should."""

    exit_code = 7


class Mirrored(NamedTuple):
    """A run that shows a record; `answer` tells it from other records of the same trial."""

    run_id: str
    answer: str
    complete: bool


class Mirror:
    """A study's experiment on a tracking server, made if it is not there. `tracking` is any MLflow address."""

    def __init__(self, store: Store, study: str, tracking: str | None = None) -> None:
        from mlflow import MlflowClient
        from sqlalchemy import event
        from sqlalchemy.engine import Engine

        event.listen(Engine, "connect", _hasten)
        logging.getLogger("mlflow").setLevel(logging.WARNING)
        logging.getLogger("alembic").setLevel(logging.WARNING)
        where = tracking or address(store)
        if where.startswith(SQLITE):
            _try_database(where.removeprefix(SQLITE))
        self._client = MlflowClient(where)
        self._study = study
        # A server keeps artifacts where it can reach them, which it alone knows.
        artifacts = (store.root.resolve() / "mlartifacts").as_uri() if where.startswith(SQLITE) else None
        self._experiment = self._find_experiment(artifacts)
        self._runs = self._find_runs()

    def show(self, records: Iterable[Record]) -> int:
        """Make the runs that are missing, incomplete or of an earlier answer; how many that were."""
        made = 0
        for record in records:
            run = self._runs.get(record.id)
            if run and run.complete and run.answer == _answer(record):
                continue
            if run and run.answer != _answer(record):
                self._client.delete_run(run.run_id)
                run = None
            self._write(record, run.run_id if run else None)
            made += 1
        return made

    def end_open(self) -> None:
        """Let no run seem to run whose record is not there to finish it."""
        for run in self._runs.values():
            if not run.complete:
                self._client.set_terminated(run.run_id, "KILLED")

    def _write(self, record: Record, run_id: str | None) -> None:
        from mlflow.entities import Metric, Param

        now = int(time.time() * 1000)
        if run_id is None:
            started = now - int(1000 * record.cost.seconds)
            name = f"{record.trial.task} {record.trial.architecture} {record.id[:6]}"
            run = self._client.create_run(
                self._experiment, start_time=started, tags=_tags(record, self._study), run_name=name
            )
            run_id = run.info.run_id
        metrics = [Metric(key, value, now, step) for key, value, step in _metrics(record)]
        params = [Param(key, str(value)) for key, value in _params(record).items()]
        self._client.log_batch(run_id, metrics=metrics, params=params)
        self._client.set_terminated(run_id, "FINISHED" if record.result.outcome == "finished" else "FAILED", now)
        self._runs[record.id] = Mirrored(run_id, _answer(record), complete=True)

    def _find_experiment(self, artifacts: str | None) -> str:
        name = f"wonderland/{self._study}"
        found = self._client.get_experiment_by_name(name)
        if found is None:
            return self._client.create_experiment(name, artifact_location=artifacts)
        if found.lifecycle_stage == "deleted":
            self._client.restore_experiment(found.experiment_id)
        return str(found.experiment_id)

    def _find_runs(self) -> dict[str, Mirrored]:
        """One run for each trial. A client that hears no answer asks again, so others may be there, and are deleted."""
        runs: dict[str, Mirrored] = {}
        for id, run in list(self._all_runs()):
            known = runs.setdefault(id, run)
            if known is not run:
                runs[id], other = (known, run) if known.complete else (run, known)
                self._client.delete_run(other.run_id)
        return runs

    def _all_runs(self) -> Iterator[tuple[str, Mirrored]]:
        token: str | None = None
        while True:
            page = self._client.search_runs([self._experiment], max_results=PAGE, page_token=token)
            for run in page:
                tags = run.data.tags
                if TRIAL in tags:
                    complete = run.info.status in ("FINISHED", "FAILED")
                    yield tags[TRIAL], Mirrored(run.info.run_id, f"{tags.get(ANSWER)} {tags.get(OUTCOME)}", complete)
            token = page.token
            if not token:
                return


def address(store: Store) -> str:
    """Where the mirror is: MLFLOW_TRACKING_URI if it is set, else an SQLite file in the store."""
    return os.environ.get("MLFLOW_TRACKING_URI") or f"{SQLITE}{store.root.resolve() / 'mlflow.db'}"


def _try_database(path: str) -> None:
    """Raise at once where MLflow would try for minutes: if the database is locked, damaged, or not to be written."""
    with closing(sqlite3.connect(path, timeout=2.0, isolation_level=None)) as database:
        database.execute("BEGIN IMMEDIATE")
        database.execute("ROLLBACK")


def _hasten(connection: object, _: object) -> None:
    """Let SQLite keep a write-ahead log and force it to disk only now and then: half the time per run.

    What a power cut takes along, the next mirroring writes again.
    """
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")


def redacted(tracking: str) -> str:
    """The address, or what somebody says of it, without the passwords and tokens that stand before an @."""
    return CREDENTIALS.sub(lambda found: f"//{found['name'] or ''}***@", tracking)


def sync(store: Store, studies: Iterable[str], tracking: str | None = None) -> int:
    """Bring the mirror up to date with the ledgers of these studies; how many runs were written.

    Raises MirrorLost if MLflow does not take them.
    """
    _wait(PATIENT)
    written = 0
    for study in studies:
        records = store.records(study)
        try:
            mirror = Mirror(store, study, tracking)
            written += mirror.show(records)
            mirror.end_open()
        except Exception as error:  # a client raises anything at an answer it did not expect
            where = redacted(tracking or address(store))
            raise MirrorLost(
                f"MLflow at {where} did not take the records of {study}: {redacted(first_line(error))}; "
                "they are safe in the ledger, so try again when it is well"
            ) from error
    return written


def first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]


def _wait(settings: dict[str, str]) -> None:
    """How long MLflow's client waits, unless the user has said so; its own patience is minutes for each call."""
    for name, value in settings.items():
        os.environ.setdefault(name, value)


def _answer(record: Record) -> str:
    return f"{record.answered_by} {record.outcome}"


def _tags(record: Record, study: str) -> dict[str, str]:
    trial = record.trial
    return {
        TRIAL: record.id,
        ANSWER: record.answered_by,
        "wonderland.study": study,
        "wonderland.task": trial.task,
        "wonderland.architecture": trial.architecture,
        "wonderland.seed": str(trial.seed),
        OUTCOME: record.outcome,
        "wonderland.source": record.provenance.source,
        "wonderland.data": record.provenance.data,
        "wonderland.commit": record.provenance.commit or "none",
    }


def _params(record: Record) -> dict[str, object]:
    trial = record.trial
    return {"task": trial.task, "architecture": trial.architecture, "seed": trial.seed} | trial.levels


def _metrics(record: Record) -> list[tuple[str, float, int]]:
    """(key, value, step). Scores are only finite ones: MLflow stores an infinity as a large number."""
    result, cost = record.result, record.cost
    curve = [("train/loss", p.loss, p.step) for p in result.curve] + [
        ("val/curve", p.valid, p.step) for p in result.curve
    ]
    scores = [
        (key, value, result.steps)
        for key, value in (("val/score", result.valid), ("test/score", result.test))
        if value is not None
    ]
    costs = [
        ("cost/seconds", cost.seconds, 0),
        ("cost/parameters", float(cost.parameters), 0),
        ("cost/flops", float(cost.flops), 0),
    ]
    return curve + scores + costs


class Discreet(io.TextIOBase):
    """Says what it is told without passwords: whatever a library prints goes to a log that is kept."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def write(self, text: str) -> int:
        self._out.write(redacted(text))
        return len(text)

    def flush(self) -> None:
        self._out.flush()


def follow(store: Store, study: str) -> None:
    """Mirror a study while its sweep runs: until told to `finish`, and then what is left; at once if the input ends.

    What a server does not take is kept and tried again later, but in the end only if it may have recovered.
    """
    os.nice(5)
    sys.stdout, sys.stderr = Discreet(sys.stdout), Discreet(sys.stderr)
    _wait(HASTY)
    finish = threading.Event()
    threading.Thread(target=_listen, args=(finish,), daemon=True).start()
    tail, mirror, again = Tail(store.folder(study)), None, 0.0
    waiting: dict[str, Record] = {}
    while True:
        ending = finish.wait(EVERY)
        waiting = ledger.current([*waiting.values(), *tail.fresh()])
        if time.monotonic() >= again:
            try:
                mirror = mirror or Mirror(store, study)
                mirror.show(waiting.values())
                waiting.clear()
            except Exception as error:  # whatever it is, the sweep goes on
                print(first_line(error), file=sys.stderr, flush=True)
                mirror, again = None, time.monotonic() + AGAIN
        if ending:
            sys.exit(mirror is None)


def _listen(finish: threading.Event) -> None:
    if sys.stdin.readline() == "finish\n":
        finish.set()
    else:
        os._exit(1)  # the sweep is gone


if __name__ == "__main__":
    follow(Store(Path(sys.argv[1])), sys.argv[2])
