"""The sweep: the supervisor. Owns the lock and the ledger, and never imports Ray.

Ray lives in a child, the engine, so that neither a killed raylet, which blocks its driver for good, nor a
dead GCS, which ends its driver without a word, takes the ledger along. The mirror is another child. Nothing
here waits without a deadline.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from suite import catalog, disk, ledger
from suite.backend import Engine
from suite.bulk import bulk, kept
from suite.estimate import Estimate, Range
from suite.past import recalled
from suite.plan import Workload, execution, planned, workload
from suite.process import adopt_orphans
from suite.progress import Progress, State
from suite.protocol import EMBEDDED, LOCAL, Job, Order, Place
from suite.record import SOLO, UNAVAILABLE, Cost, Record, Result
from suite.signals import Interrupted, Signals, heard
from suite.store import Status, Store
from suite.study import Study
from suite.trial import Trial

STARTS = 2  # of the engine in one sweep
START_DEADLINE = 55.0  # seconds for Ray to come up
SILENCE = 30.0  # seconds without a line, after which the engine counts as hung
READING = 1e-4  # seconds more for every trial of the order, which the engine reads in one go
IDLE = 120.0  # seconds beyond a trial's deadline without news of any trial, after which it does too
AWAKE = 1.0  # seconds between two looks at the most; if there are more, it was us who were stopped
RECONNECT = 30.0  # seconds that the second engine waits for a cluster that was lost
GRACE = 10.0  # seconds for running trials to end after the first Ctrl-C
MIRROR_GRACE = 60.0  # seconds for the mirror to catch up at the end
BEAT = 0.5  # seconds between two statuses
WAIT = 0.1  # seconds to listen at a time
ENGINE_LOG, MIRROR_LOG, CHECKPOINTS = "engine.log", "mirror.log", "checkpoints"


class BackendLost(Exception):
    """Ray died, or never came up, more often than a sweep bears, or a cluster cannot run the sweep."""

    exit_code = 7


@dataclass(frozen=True)
class Settings:
    """How to run, none of which changes a score.

    `given` is how a person names the study, `deadline` is in seconds per trial, `retry` runs crashed trials
    again, up to `fused` trials that allow it are trained together, and `engine` is the module that speaks
    suite/protocol.py. `place` says where trials run; 0 slots are as many as there is room for.
    """

    slots: int
    given: str = ""
    deadline: float = 3600.0
    retry: bool = False
    mirror: bool = True
    fused: int = 1
    engine: str = "suite.engine"
    place: Place = EMBEDDED


@dataclass(frozen=True)
class Ending:
    """How a sweep ended: its last status, the signal that stopped it, and whether the mirror caught up."""

    status: Status
    signal: int | None
    mirrored: bool


Announce = Callable[[Workload, Range, int], None]
Watch = Callable[[Status], None]


def sweep(store: Store, name: str, study: Study, settings: Settings, announce: Announce, watch: Watch) -> Ending:
    """Run what is not answered yet. The same call resumes.

    Raises ledger.Locked if somebody else sweeps this study, BackendLost, Interrupted, and OSError when the disk
    takes no more; whatever was written until then stays.
    """
    adopt_orphans()
    with ledger.owned(store.folder(name)) as book, heard() as signals:
        disk.require_room(store.folder(name))
        engines = [_engine(store, name, settings)]  # Ray starts while we plan
        run: _Run | None = None
        try:
            work = workload(store, name, study, retry=settings.retry, fused=settings.fused)
            estimate = Estimate(work.past, work.todo)
            slots = settings.slots or (_slots(engines[0], store.folder(name) / ENGINE_LOG) if work.todo else 1)
            _tell(announce, work, estimate.range(work.todo, slots), slots)
            store.write_plan(planned(name, study, settings.given or name, work.trials))
            ledger.put_aside(store.folder(name), work.damaged)
            for records in recalled(store, work.adopted):
                book.append(records)
            progress = Progress(work.todo, work.cached, estimate)
            progress.slots = slots if settings.slots == 0 else 0
            todo = {trial.id: trial for trial in work.todo}
            from suite import checkpoint  # imports torch, for which the engine need not wait

            checkpoint.clear(store.folder(name) / CHECKPOINTS, keep=todo)
            run = _Run(store, name, settings, book, signals, watch, estimate, progress, todo, engines)
            with kept(), _mirror(store, name, settings) as mirror:
                run.go(spare=mirror.pid if mirror else None)
                status = run.beat("stopped" if run.open else "done")
                mirrored = _finish(mirror, patience=MIRROR_GRACE if status.state == "done" else 1.0)
        except Interrupted:
            if run is not None:
                run.beat("stopped" if run.open else "done")
            raise
        finally:
            signals.deaf = True
            for engine in engines:
                engine.end()
    return Ending(status, signals.received[0] if signals.received else None, mirrored)


def _engine(store: Store, name: str, settings: Settings, patience: float = 0.0) -> Engine:
    place = settings.place if settings.place.ray == LOCAL else settings.place.model_copy(update={"patience": patience})
    return Engine(settings.engine, settings.slots, store.folder(name) / ENGINE_LOG, place)


def _slots(engine: Engine, log: Path) -> int:
    """How many trials at a time a cluster has room for, which is said before anything else. Raises BackendLost."""
    until = time.monotonic() + START_DEADLINE
    while time.monotonic() < until and not engine.is_lost:
        for line in engine.lines(WAIT):
            word, _, rest = line.partition(" ")
            if word == "refused":
                raise BackendLost(rest)
            if word == "ready" and rest.isdecimal():
                return int(rest)
    raise BackendLost(f"Ray did not come up; its last words are in {log}")


@dataclass
class _Run:
    """A sweep while it runs. `open` are the trials without an answer."""

    store: Store
    name: str
    settings: Settings
    book: ledger.Ledger
    signals: Signals
    watch: Watch
    estimate: Estimate
    progress: Progress
    open: dict[str, Trial]
    engines: list[Engine]
    beaten: float = 0.0

    def go(self, spare: int | None) -> None:
        """Run until all is answered or we must stop, with a second engine if the first is lost."""
        for start in range(1, STARTS + 1):
            self.engines[-1].order(self._order())
            if not self.open or self._attend(self.engines[-1]):
                if self.settings.place.ray != LOCAL and not self.open:
                    self.engines[-1].finish(within=GRACE)
                return
            self.progress.interrupt()
            self.engines[-1].end(spare=spare)
            if start < STARTS:
                self.engines.append(_engine(self.store, self.name, self.settings, RECONNECT))
        log = self.store.folder(self.name) / ENGINE_LOG
        self.beat("stopped")
        raise BackendLost(f"Ray was lost {STARTS} times; its last words are in {log}")

    def _order(self) -> Order:
        """All that is open; what can be trained together is put together."""
        checkpoints = str((self.store.folder(self.name) / CHECKPOINTS).resolve())
        with bulk():
            jobs = [self._job(trial) for trial in self.open.values()]
            if self.settings.fused > 1:
                first = {job.kind: place for place, job in reversed(list(enumerate(jobs)))}
                jobs.sort(key=lambda job: first[job.kind])
            return Order(
                jobs=tuple(jobs), deadline=self.settings.deadline, checkpoints=checkpoints, fused=self.settings.fused
            )

    def _job(self, trial: Trial) -> Job:
        together = "" if execution(trial, self.settings.fused) == SOLO else _kind(trial)
        return Job(trial=trial, seconds=self.estimate.seconds(trial), kind=together)

    def _attend(self, engine: Engine) -> bool:
        """Write down what the engine says until it is done or we must stop; False if it is lost."""
        reading = READING * len(self.open)
        silent, idle, told, patience = 0.0, 0.0, 0.0, START_DEADLINE + reading
        looked = time.monotonic()
        self.signals.patient = True
        while True:
            lines = engine.lines(WAIT)
            step, looked = min(time.monotonic() - looked, AWAKE), time.monotonic()
            silent = 0.0 if lines else silent + step
            idle = 0.0 if any(line != "alive" for line in lines) else idle + step
            if lines:
                patience = SILENCE + reading
            if not self._note(lines):
                return False
            if time.monotonic() - self.beaten > BEAT:
                self.beat("running")
            if not self.open:
                return True
            if "done" in lines or engine.is_lost:
                return bool(told or self.signals.received)
            if self.signals.received and not told:
                engine.stop()
                told = time.monotonic()
            if told and time.monotonic() - told > GRACE:
                return True
            if silent > patience or idle > self.settings.deadline * self.settings.fused + IDLE:
                return False

    def _note(self, lines: list[str]) -> bool:
        """Take what was said in, up to what is not of the protocol; whether all of it was.

        Trials count as done once their records are on disk.
        """
        records = []
        understood = True
        for line in lines:
            try:
                records.extend(self._answers(line))
            except ValueError:
                understood = False
                break
        fresh = [record for record in records if self.open.pop(record.id, None)]
        self.book.append(fresh)
        for record in fresh:
            self.progress.finish(record)
        return understood

    def _answers(self, line: str) -> list[Record]:
        """The record in a line, if there is one. Raises ValueError for a line that no engine says."""
        word, _, rest = line.partition(" ")
        match word:
            case "refused":
                self.beat("stopped")
                raise BackendLost(rest)
            case "ready":
                self.progress.slots = int(rest)
            case "started":
                self._begin(rest.partition(" ")[0])
            case "record":
                return [Record.from_json(rest)]
            case "crashed" | "timed_out" if rest in self.open:
                return [no_answer(self.open[rest], word, self.settings)]
            case "crashed" | "timed_out" | "alive" | "done":
                pass
            case _:
                raise ValueError(line)
        return []

    def _begin(self, id: str) -> None:
        if id in self.open:
            self.progress.begin(id)

    def beat(self, state: State) -> Status:
        status = self.progress.status(state)
        self.store.write_status(self.name, status)
        _tell(self.watch, status)
        self.beaten = time.monotonic()
        return status


def no_answer(trial: Trial, outcome: Literal["crashed", "timed_out"], settings: Settings) -> Record:
    """The record of a trial that could not say for itself how it ended."""
    from suite.data import data
    from suite.provenance import provenance

    task = catalog.task(trial.task)
    try:
        content = data(trial.task, trial.seed).fingerprint
    except Interrupted:
        raise
    except Exception:  # whatever loading it raises, the trial has ended as it has
        content = UNAVAILABLE
    messages = {
        "crashed": "its worker died twice, the second time with no other trial on it",
        "timed_out": f"it did not end within {settings.deadline:g} seconds",
    }
    return Record(
        trial=trial,
        metric=task.metric,
        chance=task.chance,
        result=Result(outcome=outcome, steps=0, message=messages[outcome]),
        cost=Cost(),
        provenance=provenance(trial.task, trial.architecture, content, execution(trial, settings.fused)),
    )


def _kind(trial: Trial) -> str:
    from suite.fusion import kind

    return repr(kind(trial))


def _tell(show: Callable[..., None], *what: object) -> None:
    """Show something to somebody who may be gone, which is no reason to stop training."""
    try:
        show(*what)
    except (OSError, SystemExit):  # a pipe that is closed; rich then wants to end the process
        return


@contextmanager
def _mirror(store: Store, name: str, settings: Settings) -> Iterator[subprocess.Popen[str] | None]:
    """The process that shows the ledger in MLflow meanwhile, unless it is not wanted."""
    if not settings.mirror:
        yield None
        return
    with disk.log(store.folder(name) / MIRROR_LOG) as log:
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
