"""The sweep: the supervisor. Owns the lock and the ledger, and never imports Ray.

Ray lives in a child, the engine, so that neither a killed raylet, which blocks its driver for good, nor a
dead GCS, which ends its driver without a word, takes the ledger along. The mirror is another child. Nothing
here waits without a deadline.
"""

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from suite import disk, ledger, mirror
from suite.backend import Engine
from suite.bulk import kept
from suite.estimate import Estimate, Range
from suite.past import recalled
from suite.plan import Workload, planned, workload
from suite.process import adopt_orphans
from suite.progress import Progress
from suite.running import (
    CHECKPOINTS,
    ENGINE_LOG,
    SILENCE,
    START_DEADLINE,
    WAIT,
    BackendLost,
    Run,
    Watch,
    engine_of,
    tell,
)
from suite.settings import Settings
from suite.signals import Interrupted, heard
from suite.spans import Spans
from suite.store import Status, Store
from suite.study import Study
from suite.trial import Trial

REFUSED = 2  # the exit code of what is wrong with the study, or of a sweep that nobody said yes to
MIRROR_GRACE = 60.0  # seconds for the mirror to catch up at the end

Announce = Callable[[Workload, Range, int], None]


@dataclass(frozen=True)
class Ending:
    """How a sweep ended: its last status, the signal that stopped it, and whether the mirror caught up."""

    status: Status
    signal: int | None
    mirrored: bool


def sweep(store: Store, name: str, study: Study, settings: Settings, announce: Announce, watch: Watch) -> Ending:
    """Run what is not answered yet. The same call resumes.

    Raises ledger.Locked if somebody else sweeps this study, BackendLost, Interrupted, and OSError when the disk
    takes no more; whatever was written until then stays.
    """
    adopt_orphans()
    folder = store.folder(name)
    new = [path for path in (folder, *folder.parents) if not path.exists()]
    with ledger.owned(folder) as book, heard() as signals:
        disk.require_room(folder)
        engines = [engine_of(store, name, settings)]  # Ray starts while we plan
        run: Run | None = None
        refused = False
        try:
            work = workload(store, name, study, retry=settings.retry, fused=settings.fused, deadline=settings.deadline)
            estimate = Estimate(work.past, work.todo)
            slots = settings.slots or (_slots(engines[0], folder / ENGINE_LOG) if work.todo else 1)
            tell(announce, work, estimate.range(work.todo, slots), slots)
            store.write_plan(planned(name, study, settings.given or name, work.trials))
            ledger.put_aside(folder, work.damaged)
            for records in recalled(store, work.adopted):
                book.append(records)
            progress = Progress(work.todo, work.cached, estimate, Spans(store.folder(name)))
            progress.slots = slots if settings.slots == 0 else 0
            todo = {trial.id: trial for trial in work.todo}
            from suite import checkpoint  # imports torch, for which the engine need not wait

            checkpoint.clear(ledger.own(folder / CHECKPOINTS), keep=todo)
            run = Run(store, name, settings, book, signals, watch, estimate, progress, todo, engines, _control(work))
            with kept(), mirror.mirrored(store, name, wanted=settings.mirror) as shown:
                run.go(spare=shown.pid if shown else None)
                status = run.beat("stopped" if run.open else "done")
                patience = MIRROR_GRACE if status.state == "done" else mirror.HURRY
                mirrored = mirror.finish(shown, patience, signals)
        except Interrupted:
            if run is not None:
                run.beat("stopped" if run.open else "done")
            raise
        except Exception as error:
            refused = getattr(error, "exit_code", None) == REFUSED
            raise
        finally:
            signals.deaf = True
            for engine in engines:
                engine.end()
            if refused and folder in new:
                _forget(folder, new)
    return Ending(status, signals.received[0] if signals.received else None, mirrored)


def _control(work: Workload) -> Trial | None:
    """A trial that is known to end well, if there is one."""
    well = {past.id for past in work.cached if past.outcome == "finished"}
    return next((trial for trial in work.trials if trial.id in well), None)


def _forget(folder: Path, new: list[Path]) -> None:
    """Leave nothing of a study that was refused before anything of it was written; `new` folders, the lowest first."""
    for name in (ENGINE_LOG, ledger.LOCK):
        (folder / name).unlink(missing_ok=True)
    for path in new:
        with contextlib.suppress(OSError):  # something else is in it by now
            path.rmdir()


def _slots(engine: Engine, log: Path) -> int:
    """How many trials at a time a cluster has room for, which is said before anything else. Raises BackendLost."""
    until = time.monotonic() + START_DEADLINE
    while time.monotonic() < until and not engine.is_lost:
        for line in engine.lines(WAIT):
            word, _, rest = line.partition(" ")
            if word == "looking":
                until = max(until, time.monotonic() + SILENCE)
            if word == "refused":
                raise BackendLost(rest)
            if word == "ready" and rest.isdecimal():
                return int(rest)
    raise BackendLost(f"Ray did not come up; its last words are in {log}")
