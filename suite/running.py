"""A sweep while it runs: what it orders of its engine, writes down of the answers, and says of how it stands.

Nothing here waits without a deadline.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from suite import ledger
from suite.backend import Engine
from suite.bulk import bulk
from suite.estimate import Estimate
from suite.plan import execution
from suite.progress import Progress, State
from suite.protocol import LOCAL, Job, Order
from suite.record import SOLO, Record, Result
from suite.settings import Settings
from suite.signals import Signals
from suite.store import Status, Store
from suite.suspects import Suspects
from suite.trial import Trial
from suite.unanswered import no_answer

STARTS = 2  # of the engine, if no trial is to blame for its losses
HOPELESS = 10  # losses without an answer between them, after which they are no trial's fault whatever it looks like
START_DEADLINE = 55.0  # seconds for Ray to come up
SILENCE = 30.0  # seconds without a line, after which the engine counts as hung
IDLE = 120.0  # seconds beyond a trial's deadline without news of any trial, after which it does too
AWAKE = 1.0  # seconds between two looks at the most; if there are more, it was us who were stopped
RECONNECT = 30.0  # seconds that the second engine waits for a cluster that was lost
GRACE = 8.0  # seconds for running trials to end after the first Ctrl-C, or at a limit; all of it may take 15
BEAT = 0.5  # seconds between two statuses
LARGEST = 2**16  # bytes of a record; one of ours has about 5,000
WAIT = 0.1  # seconds to listen at a time
ENGINE_LOG, CHECKPOINTS = "engine.log", "checkpoints"

Watch = Callable[[Status], None]


class BackendLost(Exception):
    """Ray died, or never came up, more often than a sweep bears, or a cluster cannot run the sweep."""

    exit_code = 7


def engine_of(store: Store, name: str, settings: Settings, patience: float = 0.0) -> Engine:
    place = settings.place if settings.place.ray == LOCAL else settings.place.model_copy(update={"patience": patience})
    return Engine(settings.engine, settings.slots, store.folder(name) / ENGINE_LOG, place)


@dataclass
class Run:
    """A sweep while it runs. `open` are the trials without an answer, and `asked` is how many there were.

    `why` says which limit it has reached, if any. `accused` are trials that were lost with their engine, alone, again:
    they count as crashed once an engine has answered another trial, be it the `control`, one that is answered already.
    So nobody is charged where no engine works.
    """

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
    control: Trial | None
    suspects: Suspects = field(default_factory=Suspects)
    accused: set[str] = field(default_factory=set)
    asked: int = field(init=False)
    why: str = ""
    losses: int = 0  # of engines, since a trial was found to blame
    fruitless: int = 0  # since a trial was answered
    beaten: float = 0.0

    def __post_init__(self) -> None:
        self.asked = len(self.open)

    def go(self, spare: int | None) -> None:
        """Run until all is answered or we must stop, with another engine if one is lost. Raises BackendLost."""
        while True:
            self.engines[-1].order(self._order())
            if not self.open or self._attend(self.engines[-1]):
                if self.settings.place.ray != LOCAL and not self.open:
                    self.engines[-1].finish(within=GRACE)
                return
            self.progress.interrupt()
            self.engines[-1].end(spare=spare)
            self._blame()
            self.engines.append(engine_of(self.store, self.name, self.settings, RECONNECT))

    def _blame(self) -> None:
        """Find out which trial took the engine down, if one did. Raises BackendLost if another engine is no use."""
        had_others = bool(self._others())
        guilty, suspected = self.suspects.lose()
        self.losses, self.fruitless = (0 if guilty else self.losses + 1), self.fruitless + 1
        if guilty:
            self.accused.add(guilty)
        unproved = not self._others() and (self.control is None or not had_others)
        if unproved or (self.losses >= STARTS and not suspected) or self.fruitless >= HOPELESS:
            self.beat("stopped")
            log = self.store.folder(self.name) / ENGINE_LOG
            raise BackendLost(f"Ray was lost {len(self.engines)} times; its last words are in {log}")

    def _others(self) -> list[Trial]:
        """What is open and not accused."""
        return [trial for id, trial in self.open.items() if id not in self.accused]

    def _convict(self) -> None:
        """Write down who took engines down, as one has now answered another trial."""
        guilty = [self.open[id] for id in sorted(self.accused & self.open.keys())]
        self.accused.clear()
        self._keep([no_answer(trial, "took Ray down", self.settings) for trial in guilty])

    def _order(self) -> Order:
        """All that is open; suspects first, and what can be trained together is put together."""
        checkpoints = str((self.store.folder(self.name) / CHECKPOINTS).resolve())
        trials = self._others()
        if not trials and self.accused and self.control:
            trials = [self.control]
        with bulk():
            jobs = [self._job(trial) for trial in trials]
            if self.settings.fused > 1:
                first = {job.kind: place for place, job in reversed(list(enumerate(jobs)))}
                jobs.sort(key=lambda job: first[job.kind])
            jobs.sort(key=lambda job: not self.suspects.is_suspect(job.trial.id))
            return Order(
                jobs=tuple(jobs),
                deadline=self.settings.deadline,
                checkpoints=checkpoints,
                fused=self.settings.fused,
                suspects=sum(self.suspects.is_suspect(job.trial.id) for job in jobs),
            )

    def _job(self, trial: Trial) -> Job:
        together = "" if execution(trial, self.settings.fused) == SOLO else _kind(trial)
        return Job(trial=trial, seconds=self.estimate.seconds(trial), kind=together)

    def _attend(self, engine: Engine) -> bool:
        """Write down what the engine says until it is done or we must stop; False if it is lost."""
        silent, idle, told, patience = 0.0, 0.0, 0.0, START_DEADLINE
        looked = time.monotonic()
        self.signals.patient = True
        while True:
            lines = engine.lines(WAIT)
            step, looked = min(time.monotonic() - looked, AWAKE), time.monotonic()
            silent = 0.0 if lines else silent + step
            idle = 0.0 if any(line != "alive" for line in lines) else idle + step
            if lines:
                patience = SILENCE
            if not self._note(lines):
                return False
            if time.monotonic() - self.beaten > BEAT:
                self.beat("running")
            if not self.open:
                return True
            if "done" in lines or engine.is_lost:
                return bool(told or self.signals.received)
            self.why = self.why or self.settings.limits.reached(self.asked)
            if (self.signals.received or self.why) and not told:
                engine.stop()
                told = time.monotonic()
            if told and time.monotonic() - told > GRACE:
                return True
            if silent > patience or idle > self.settings.deadline * self.settings.fused + IDLE:
                return False

    def _note(self, lines: list[str]) -> bool:
        """Take what was said in, up to what is not of the protocol; whether all of it was."""
        records = []
        understood = True
        for line in lines:
            try:
                records.extend(self._answers(line))
            except ValueError:
                understood = False
                break
        fresh = [record for record in records if record.id in self.open]
        self.fruitless = 0 if fresh else self.fruitless
        self._keep(fresh)
        if well := [record.trial for record in records if record.outcome not in ("crashed", "timed_out")]:
            self.control = well[-1]
            self._convict()
        return understood

    def _keep(self, records: list[Record]) -> None:
        """Trials count as done once their records are on disk."""
        fresh = [record for record in records if self.open.pop(record.id, None)]
        self.suspects.clear(record.id for record in fresh)
        self.book.append(fresh)
        for record in fresh:
            self.progress.finish(record)
            self.settings.limits.note(record)

    def _answers(self, line: str) -> list[Record]:
        """The record in a line, if there is one. Raises ValueError for a line that no engine says."""
        word, _, rest = line.partition(" ")
        match word:
            case "refused":
                self.beat("stopped")
                raise BackendLost(rest)
            case "ready":
                self.progress.slots = int(rest)
            case "sent":
                self.suspects.send(self.open.keys() & rest.split())
            case "back":
                self.suspects.clear(rest.split())
            case "started":
                self._begin(rest.partition(" ")[0])
            case "record":
                return [no_larger(Record.from_json(rest), len(rest.encode()))]
            case "crashed" | "timed_out" if rest in self.open:
                return [no_answer(self.open[rest], word, self.settings)]
            case "crashed" | "timed_out" | "looking" | "alive" | "done":
                pass
            case _:
                raise ValueError(line)
        return []

    def _begin(self, id: str) -> None:
        if id in self.open:
            self.suspects.send([id])
            self.progress.begin(id)

    def beat(self, state: State) -> Status:
        status = self.progress.status(state, self.why if state == "stopped" and not self.signals.received else "")
        self.store.write_status(self.name, status)
        tell(self.watch, status)
        self.beaten = time.monotonic()
        return status


def no_larger(record: Record, bytes: int) -> Record:
    """The record, or one that says that it has more bytes than a ledger should hold."""
    if bytes <= LARGEST:
        return record
    why = f"its record has {bytes:,} bytes, and a ledger takes {LARGEST:,}"
    return record.model_copy(update={"result": Result(outcome="invalid", steps=record.result.steps, message=why)})


def _kind(trial: Trial) -> str:
    from suite.fusion import kind

    return repr(kind(trial))


def tell(show: Callable[..., None], *what: object) -> None:
    """Show something to somebody who may be gone, which is no reason to stop training."""
    try:
        show(*what)
    except (OSError, SystemExit):  # a pipe that is closed; rich then wants to end the process
        return
