"""The engine: the sweep's child, and the only door to Ray. Spreads bundles of trials over warm workers.

It speaks the lines of suite/protocol.py on standard input and output.
"""

import contextlib
import os
import queue
import shutil
import signal
import sys
import threading
import time
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice, takewhile
from pathlib import Path
from typing import Any

import psutil
import ray

from suite.bulk import bulk
from suite.process import adopt_orphans, end_descendants
from suite.protocol import Job, Order

BUNDLE_SECONDS = 1.0  # of work that make a Ray task; Ray's own time per task is then lost in it
LARGEST_BUNDLE = 64
AHEAD = 2  # bundles in flight per slot, so that a worker finds the next one waiting
TRIES = 2
DAEMONS = ("raylet", "gcs_server")
STOPPED = 5.0  # seconds that a process may be stopped before it counts as dead
LOST = 60.0  # seconds beyond the deadline without a word from any worker, after which Ray has lost them
STORE_BYTES = 200 * 2**20  # Ray's shared memory, which only ever holds records on their way


@dataclass
class Bundle:
    """Trials that a worker has been given. `open` are not answered yet; the first of them may be running."""

    open: deque[Job]
    since: float = 0.0
    running: int | None = None  # the worker's process while it runs one of them


@dataclass
class Dispatcher:
    """Which trials wait, which are away, and how often each has taken a worker along."""

    waiting: deque[Job]
    slots: int
    deadline: float
    checkpoints: str
    fused: int = 1
    alone: deque[Job] = field(default_factory=deque)
    crashes: Counter[str] = field(default_factory=Counter)
    took: float = 0.0
    should_have_taken: float = 0.0

    def next_bundle(self) -> Bundle | None:
        """The next trials to send away: about a second of work, and never more than a fair share of what is left.

        Trials that are trained together stay together.
        """
        if self.alone:
            return Bundle(deque([self.alone.popleft()]))
        most = min(LARGEST_BUNDLE, max(1, len(self.waiting) // (self.slots * AHEAD)))
        jobs: deque[Job] = deque()
        seconds = 0.0
        while self.waiting:
            group = together(self.waiting, self.fused)
            seconds += sum(map(self._seconds, group))
            if jobs and (len(jobs) + len(group) > most or seconds > BUNDLE_SECONDS):
                break
            for job in group:
                jobs.append(job)
                self.waiting.popleft()
        return Bundle(jobs) if jobs else None

    def heard(self, bundle: Bundle, line: str) -> str:
        """Note what a worker said of its bundle; the line to pass on."""
        if line.startswith("started "):
            bundle.running, bundle.since = int(line.rpartition(" ")[2]), time.monotonic()
        else:
            self.took += time.monotonic() - bundle.since
            self.should_have_taken += bundle.open.popleft().seconds
            bundle.running = None
        return line

    def lost(self, bundle: Bundle) -> str | None:
        """A bundle's worker is gone: charge the trial that ran, and take the others back. The line to say, if any.

        Of trials that were trained together nobody knows which it was, so that each is tried alone.
        """
        if not bundle.open:
            return None
        suspects = together(bundle.open, self.fused)
        self.waiting.extendleft(reversed(list(bundle.open)[len(suspects) :]))
        if len(suspects) == 1 and self.is_late(bundle):
            return f"timed_out {suspects[0].trial.id}"
        for suspect in suspects:
            self.crashes[suspect.trial.id] += 1
        if len(suspects) == 1 and self.crashes[suspects[0].trial.id] >= TRIES:
            return f"crashed {suspects[0].trial.id}"
        self.alone.extend(suspects)
        return None

    def is_late(self, bundle: Bundle, *, by: float = 0.0) -> bool:
        """Whether the bundle's worker has been on one trial for longer than the deadline, and `by` seconds more."""
        if bundle.running is None:
            return False
        deadline = self.deadline * len(together(bundle.open, self.fused))
        return time.monotonic() - bundle.since >= deadline + by

    def _seconds(self, job: Job) -> float:
        return job.seconds * (self.took / self.should_have_taken if self.should_have_taken else 1.0)


def together(jobs: Iterable[Job], fused: int) -> tuple[Job, ...]:
    """The first job, and those behind it that are trained together with it."""
    ahead = iter(jobs)
    first = next(ahead)
    if fused == 1 or not first.kind:
        return (first,)
    alike = takewhile(lambda job: job.kind == first.kind, ahead)
    return (first, *islice(alike, fused - 1))


def main(slots: int, folder: str) -> None:
    adopt_orphans()
    Path(folder).mkdir(mode=0o700)
    say = _protocol()
    stopping, over = threading.Event(), threading.Event()
    orders: queue.Queue[Order] = queue.Queue()
    threading.Thread(target=_listen, args=(orders, stopping, folder), daemon=True).start()
    _start_ray(slots, folder)
    threading.Thread(target=_watch_daemons, args=(over,), daemon=True).start()
    say(f"ready {slots}")
    order = orders.get()
    dispatcher = Dispatcher(deque(order.jobs), slots, order.deadline, order.checkpoints, order.fused)
    for line in _run(dispatcher, stopping, f"{folder}/data"):
        say(line)
    over.set()
    say("done")
    end_descendants()
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)  # Ray's own goodbye takes two seconds and there is nobody left to hear it


def work(*given: Any) -> Iterator[str]:
    """What a worker does, imported where it is done: the engine itself needs no torch."""
    from suite.worker import work

    yield from work(*given)


def _run(dispatcher: Dispatcher, stopping: threading.Event, shared: str) -> Iterator[str]:
    remote = ray.remote(work).options(num_returns="streaming", num_cpus=1, max_retries=0)
    heard = looked = time.monotonic()
    away: dict[Any, Bundle] = {}  # by the stream of what a worker says
    while True:
        held_up, looked = time.monotonic() - looked, time.monotonic()
        if held_up > STOPPED:  # nobody took what we said, because the supervisor is stopped; no trial is late for that
            heard += held_up
            for late in away.values():
                late.since += held_up
        while len(away) < AHEAD * dispatcher.slots and not stopping.is_set():
            bundle = dispatcher.next_bundle()
            if bundle is None:
                break
            texts = [job.trial.model_dump_json() for job in bundle.open]
            given = texts, dispatcher.deadline, dispatcher.checkpoints, shared, dispatcher.fused
            away[remote.remote(*given)] = bundle
        if not away:
            return
        ready: list[Any]
        ready, _ = ray.wait(list(away), num_returns=1, timeout=1.0)
        if ready:
            heard = time.monotonic()
        elif time.monotonic() - heard > dispatcher.deadline * dispatcher.fused + LOST:
            return  # trials are away and nobody is on them; whoever ordered them sees that they are not answered
        else:
            yield "alive"
        for bundle in away.values():
            if dispatcher.is_late(bundle, by=STOPPED):  # its own alarm cannot ring while it is stopped
                _kill(bundle)
        for stream in ready:
            bundle = away[stream]
            try:
                yield dispatcher.heard(bundle, ray.get(next(stream), timeout=60.0))
            except StopIteration:
                del away[stream]
            except ray.exceptions.RayError:
                del away[stream]
                line = dispatcher.lost(bundle)
                if line:
                    yield line


def _kill(bundle: Bundle) -> None:
    assert bundle.running is not None
    with contextlib.suppress(ProcessLookupError):
        os.kill(bundle.running, signal.SIGKILL)


def _start_ray(slots: int, folder: str) -> None:
    """An embedded Ray of our own, its files below `folder`, whose path is short because sockets lie in it.

    Ray opens its own folder to everybody, so `folder`, which is private, must be above it.
    """
    os.umask(0o077)
    ray.init(
        address="local",
        num_cpus=slots,
        num_gpus=0,
        include_dashboard=False,
        log_to_driver=False,
        configure_logging=False,
        object_store_memory=STORE_BYTES,
        _temp_dir=f"{folder}/r",
    )


def _protocol() -> Any:
    """A function that says a line on the real standard output; whatever else prints goes to standard error."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def say(line: str) -> None:
        try:
            print(line, file=out, flush=True)
        except BrokenPipeError:  # the supervisor is gone, and _listen is about to clean up and end us
            time.sleep(LOST)
            raise

    return say


def _listen(orders: queue.Queue[Order], stopping: threading.Event, folder: str) -> None:
    """Take the order, stop when told to. When the input ends, the supervisor is gone: leave nothing behind."""
    for line in sys.stdin:
        if line.strip() == "stop":
            stopping.set()
        else:
            with bulk():
                orders.put(Order.model_validate_json(line))
    end_descendants()
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(1)


def _watch_daemons(over: threading.Event) -> None:
    """Without its raylet a driver waits for ever, and without its GCS it dies after a minute. We die at once.

    A daemon that somebody has stopped, and not let go on for a while, is as good as dead.
    """
    daemons = [p for p in psutil.Process().children(recursive=True) if p.name().startswith(DAEMONS)]
    well = dict.fromkeys(daemons, time.monotonic())
    while not over.wait(0.5):
        states = {daemon: _state(daemon) for daemon in daemons}
        well |= {daemon: time.monotonic() for daemon, state in states.items() if state != psutil.STATUS_STOPPED}
        if psutil.STATUS_DEAD in states.values() or time.monotonic() - min(well.values()) > STOPPED:
            os._exit(1)


def _state(process: psutil.Process) -> str:
    try:
        state = process.status()
    except psutil.NoSuchProcess:
        return psutil.STATUS_DEAD
    return psutil.STATUS_DEAD if state == psutil.STATUS_ZOMBIE else state


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
