"""The sweep: the supervisor. Owns the lock and the ledger, and never imports Ray.

Ray lives in a child, the engine, so that neither a killed raylet, which blocks its driver for good, nor a
dead GCS, which ends its driver without a word, takes the ledger along. The mirror is another child. Nothing
here waits without a deadline.
"""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Literal

from suite import catalog, checkpoint, ledger
from suite.backend import Engine
from suite.data import data
from suite.estimate import Estimate, Range
from suite.plan import Workload, planned, workload
from suite.process import adopt_orphans
from suite.progress import Progress, State
from suite.protocol import Job, Order
from suite.provenance import provenance
from suite.record import Cost, Record, Result
from suite.store import Status, Store
from suite.study import Study
from suite.trial import Trial

STARTS = 2  # of the engine in one sweep
START_DEADLINE = 90.0  # seconds for Ray to come up
SILENCE = 30.0  # seconds without a line, after which the engine counts as hung
GRACE = 10.0  # seconds for running trials to end after the first Ctrl-C
MIRROR_GRACE = 60.0  # seconds for the mirror to catch up at the end
BEAT = 0.5  # seconds between two statuses
WAIT = 0.1  # seconds to listen at a time
ENGINE_LOG, MIRROR_LOG, CHECKPOINTS = "engine.log", "mirror.log", "checkpoints"


class BackendLost(Exception):
    """Ray died, or never came up, more often than a sweep bears."""

    exit_code = 7


@dataclass(frozen=True)
class Settings:
    """How to run, none of which changes a score.

    `given` is how a person names the study, `deadline` is in seconds per trial, `retry` runs crashed trials
    again, and `engine` is the module that speaks suite/protocol.py.
    """

    slots: int
    given: str = ""
    deadline: float = 3600.0
    retry: bool = False
    mirror: bool = True
    engine: str = "suite.engine"


@dataclass(frozen=True)
class Ending:
    """How a sweep ended: its last status, the signal that stopped it, and whether the mirror caught up."""

    status: Status
    signal: int | None
    mirrored: bool


Announce = Callable[[Workload, Range], None]
Watch = Callable[[Status], None]


def sweep(store: Store, name: str, study: Study, settings: Settings, announce: Announce, watch: Watch) -> Ending:
    """Run what is not answered yet. The same call resumes.

    Raises ledger.Locked if somebody else sweeps this study, BackendLost, and OSError when the disk takes no
    more; whatever was written until then stays.
    """
    adopt_orphans()
    with ledger.owned(store.folder(name)) as book, _signals() as received:
        engine = _engine(store, name, settings)  # Ray starts while we plan
        try:
            work = workload(store, name, study, retry=settings.retry)
            store.write_plan(planned(name, study, settings.given or name))
            past = (record for other in store.studies() for record in store.reading(other).records)
            estimate = Estimate(past, work.todo)
            announce(work, estimate.range(work.todo, settings.slots))
            book.append(work.adopted)
            progress = Progress(work.todo, work.cached, estimate)
            todo = {trial.id: trial for trial in work.todo}
            checkpoint.clear(store.folder(name) / CHECKPOINTS, keep=todo)
            run = _Run(store, name, settings, book, received, watch, estimate, progress, todo)
            with _mirror(store, name, settings) as mirror:
                engine = run.go(engine, spare=mirror.pid if mirror else None)
                status = run.beat("stopped" if run.open else "done")
                mirrored = _finish(mirror, patience=MIRROR_GRACE if status.state == "done" else 1.0)
        finally:
            engine.end()
    return Ending(status, received[0] if received else None, mirrored)


def _engine(store: Store, name: str, settings: Settings) -> Engine:
    return Engine(settings.engine, settings.slots, store.folder(name) / ENGINE_LOG)


@dataclass
class _Run:
    """A sweep while it runs. `open` are the trials without an answer."""

    store: Store
    name: str
    settings: Settings
    book: ledger.Ledger
    received: list[int]
    watch: Watch
    estimate: Estimate
    progress: Progress
    open: dict[str, Trial]
    beaten: float = 0.0

    def go(self, engine: Engine, spare: int | None) -> Engine:
        """Run until all is answered or we must stop, with a second engine if the first is lost; the last engine."""
        for start in range(1, STARTS + 1):
            jobs = tuple(Job(trial=trial, seconds=self.estimate.seconds(trial)) for trial in self.open.values())
            checkpoints = str((self.store.folder(self.name) / CHECKPOINTS).resolve())
            engine.order(Order(jobs=jobs, deadline=self.settings.deadline, checkpoints=checkpoints))
            if not self.open or self._attend(engine):
                return engine
            self.progress.interrupt()
            engine.end(spare=spare)
            if start < STARTS:
                engine = _engine(self.store, self.name, self.settings)
        log = self.store.folder(self.name) / ENGINE_LOG
        self.beat("stopped")
        raise BackendLost(f"Ray was lost {STARTS} times; its last words are in {log}")

    def _attend(self, engine: Engine) -> bool:
        """Write down what the engine says until it is done or we must stop; False if it is lost."""
        heard, patience, told = time.monotonic(), START_DEADLINE, 0.0
        while True:
            lines = engine.lines(WAIT)
            if lines:
                heard, patience = time.monotonic(), SILENCE
                self._note(lines)
            if time.monotonic() - self.beaten > BEAT:
                self.beat("running")
            if not self.open:
                return True
            if "done" in lines:
                return bool(told)
            if self.received and not told:
                engine.stop()
                told = time.monotonic()
            if told and (len(self.received) > 1 or time.monotonic() - told > GRACE):
                return True
            if engine.is_lost or time.monotonic() - heard > patience:
                return False

    def _note(self, lines: list[str]) -> None:
        """Take what was said in; trials count as done once their records are on disk."""
        records = []
        for line in lines:
            word, _, rest = line.partition(" ")
            match word:
                case "ready":
                    self.progress.slots = int(rest)
                case "started":
                    self.progress.begin(rest.partition(" ")[0])
                case "record":
                    records.append(Record.from_json(rest))
                case "crashed" | "timed_out":
                    records.append(no_answer(self.open[rest], word, self.settings.deadline))
        fresh = [record for record in records if self.open.pop(record.id, None)]
        self.book.append(fresh)
        for record in fresh:
            self.progress.finish(record)

    def beat(self, state: State) -> Status:
        status = self.progress.status(state)
        self.store.write_status(self.name, status)
        self.watch(status)
        self.beaten = time.monotonic()
        return status


def no_answer(trial: Trial, outcome: Literal["crashed", "timed_out"], deadline: float) -> Record:
    """The record of a trial that could not say for itself how it ended."""
    task = catalog.task(trial.task)
    messages = {
        "crashed": "its worker died twice, the second time with no other trial on it",
        "timed_out": f"it did not end within {deadline:g} seconds",
    }
    return Record(
        trial=trial,
        metric=task.metric,
        chance=task.chance,
        result=Result(outcome=outcome, steps=0, message=messages[outcome]),
        cost=Cost(),
        provenance=provenance(trial.task, trial.architecture, data(trial.task, trial.seed).fingerprint),
    )


@contextmanager
def _signals() -> Iterator[list[int]]:
    """The SIGINTs and SIGTERMs that come in, instead of what they do otherwise."""
    received: list[int] = []

    def note(number: int, _: FrameType | None) -> None:
        received.append(number)

    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield received
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _mirror(store: Store, name: str, settings: Settings) -> Iterator[subprocess.Popen[str] | None]:
    """The process that shows the ledger in MLflow meanwhile, unless it is not wanted."""
    if not settings.mirror:
        yield None
        return
    with (store.folder(name) / MIRROR_LOG).open("ab") as log:
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


def _finish(mirror: subprocess.Popen[str] | None, patience: float) -> bool:
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
