"""The engine: the sweep's child, and the only door to Ray. Spreads bundles of trials over warm workers.

It speaks the lines of suite/protocol.py on standard input and output. Its Ray is its own, or a cluster that is there
already (suite/cluster).
"""

import contextlib
import os
import queue
import shutil
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from itertools import chain
from math import ceil
from pathlib import Path
from typing import Any, Protocol

import psutil
import ray

from suite.bulk import bulk
from suite.child import when_orphaned
from suite.cluster.preflight import living, share_of, with_room
from suite.cluster.refused import Refused
from suite.cluster.workers import Cluster
from suite.dispatcher import AHEAD, Bundle, Dispatcher
from suite.process import adopt_orphans, end_descendants
from suite.protocol import EMBEDDED, LOCAL, Order, Place

DAEMONS = ("raylet", "gcs_server")
STOPPED = 5.0  # seconds that a process may be stopped before it counts as dead
LOST = 60.0  # seconds beyond the deadline without a word from any worker, after which Ray has lost them
NOBODY = 45.0  # seconds that a cluster may be without a node that has room for a trial, or one that begins it
PAUSE = 0.05  # seconds after a worker that was lost with no trial, so as not to send the next ones in a rush
STORE_BYTES = 200 * 2**20  # Ray's shared memory, which only ever holds records on their way


class Workers(Protocol):
    """Where bundles are sent."""

    @property
    def slots(self) -> int:
        """Trials at a time; of a cluster, another number when nodes come and go."""

    @property
    def ahead(self) -> int:
        """Bundles in flight per slot."""

    def send(self, bundle: Bundle, order: Order) -> Any:
        """The stream of what a worker says."""

    def kill(self, bundle: Bundle) -> None:
        """End the process that runs the bundle."""

    def lost_node(self, bundle: Bundle) -> bool:
        """Whether the bundle was on a node that is gone."""

    def leave(self) -> None:
        """Nothing is sent any more."""


def main(slots: int, folder: str, place: Place) -> None:
    adopt_orphans()
    when_orphaned(signal.SIGCONT)  # _listen hears it, unless we are stopped, and there is more to end than us
    Path(folder).mkdir(mode=0o700)
    say = _protocol()
    stopping, over = threading.Event(), threading.Event()
    orders: queue.Queue[Order] = queue.Queue()
    threading.Thread(target=_listen, args=(orders, stopping, over, folder), daemon=True).start()
    try:
        embedded = place.ray == LOCAL
        workers: Workers = Embedded(slots, folder, place) if embedded else Cluster(slots, folder, place, say, over)
        threading.Thread(target=_watch_daemons, args=(over,), daemon=True).start()
        say(f"ready {workers.slots}")
        order = _awaited(orders, say)
        for line in _run(order, workers, stopping):
            say(line)
        over.set()
        workers.leave()
        say("done")
    except Refused as refused:
        say(f"refused {' '.join(str(refused).split())}")
    over.set()
    end_descendants()
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)  # Ray's own goodbye takes two seconds and there is nobody left to hear it


def _awaited(orders: queue.Queue[Order], say: Callable[[str], None]) -> Order:
    """The order, which takes a minute to read if it is of a million trials."""
    while True:
        try:
            return orders.get(timeout=1.0)
        except queue.Empty:
            say("alive")


def work(trials: list[str], deadline: float, checkpoints: str, shared: str, fused: int, place: Place) -> Iterator[str]:
    """What a worker does, imported where it is done: the engine itself needs no torch."""
    if place.processes > 1:
        from suite.cluster import group

        yield from group.work(
            trials, place, group.Conditions(place.execution, place.gpus, deadline, checkpoints, shared)
        )
        return
    from suite.cluster.node import bound_memory
    from suite.worker import work

    bound_memory(place.gpus)
    yield from work(trials, deadline, checkpoints, shared, fused)


class Embedded:
    """A Ray of our own, its files below `folder`, whose path is short because sockets lie in it.

    Ray opens its own folder to everybody, so `folder`, which is private, must be above it.
    """

    def __init__(self, slots: int, folder: str, place: Place) -> None:
        self.slots, self._shared, self._place = slots, f"{folder}/data", place
        self.ahead = AHEAD if place.processes == 1 else 1
        os.umask(0o077)
        ray.init(
            address="local",
            num_cpus=ceil(slots * place.processes * place.cpus),
            num_gpus=None if place.gpus else 0,
            include_dashboard=False,
            log_to_driver=False,
            configure_logging=False,
            object_store_memory=STORE_BYTES,
            _temp_dir=f"{folder}/r",
        )
        with_room(living(), place)
        self._work = ray.remote(work).options(num_returns="streaming", max_retries=0, **share_of(place))

    def send(self, bundle: Bundle, order: Order) -> Any:
        texts = [job.trial.model_dump_json() for job in bundle.open]
        return self._work.remote(texts, order.deadline, order.checkpoints, self._shared, order.fused, self._place)

    def kill(self, bundle: Bundle) -> None:
        assert bundle.running is not None
        with contextlib.suppress(ProcessLookupError):
            os.kill(bundle.running, signal.SIGKILL)

    def lost_node(self, _: Bundle) -> bool:
        return False

    def leave(self) -> None:
        pass


def _run(order: Order, workers: Workers, stopping: threading.Event) -> Iterator[str]:
    first, others = order.jobs[: order.suspects], order.jobs[order.suspects :]
    dispatcher = Dispatcher(deque(others), workers.slots, order.deadline, order.checkpoints, order.fused)
    dispatcher.suspects.extend(first)
    heard = looked = staffed = time.monotonic()
    away: dict[Any, Bundle] = {}  # by the stream of what a worker says
    while True:
        held_up, looked = time.monotonic() - looked, time.monotonic()
        if held_up > STOPPED:  # nobody took what we said, because the supervisor is stopped; no trial is late for that
            heard += held_up
            for late in away.values():
                late.since += held_up
        if workers.slots != dispatcher.slots:
            dispatcher.slots = workers.slots
            yield f"ready {dispatcher.slots}"
        while len(away) < workers.ahead * dispatcher.slots and not stopping.is_set():
            bundle = dispatcher.next_bundle(len(away))
            if bundle is None:
                break
            yield f"sent {_ids(bundle)}"
            away[workers.send(bundle, order)] = bundle
        staffed = time.monotonic() if dispatcher.slots else staffed
        if time.monotonic() - staffed > NOBODY:
            return
        if not away:
            if dispatcher.is_empty or stopping.is_set():
                return
            time.sleep(1.0)
        ready: list[Any] = []
        if away:
            ready, _ = ray.wait(list(away), num_returns=1, timeout=1.0)
        if ready:
            heard = time.monotonic()
        elif time.monotonic() - heard > order.deadline * order.fused + LOST:
            return  # trials are away and nobody is on them; whoever ordered them sees that they are not answered
        else:
            yield "alive"
        for bundle in away.values():
            if dispatcher.is_late(bundle, by=STOPPED):  # its own alarm cannot ring while it is stopped
                workers.kill(bundle)
        for stream in ready:
            bundle = away[stream]
            try:
                line = ray.get(next(stream), timeout=60.0)
            except StopIteration:
                del away[stream]
            except ray.exceptions.RayError:
                del away[stream]
                lost = dispatcher.lost(bundle, with_node=workers.lost_node(bundle))
                yield f"back {_ids(bundle)}"
                if lost:
                    yield lost
                if dispatcher.in_vain:
                    time.sleep(PAUSE)
                    if time.monotonic() - dispatcher.in_vain > NOBODY:
                        return
            else:
                yield from _passed_on(dispatcher, bundle, line)


def _ids(bundle: Bundle) -> str:
    return " ".join(job.trial.id for job in bundle.open)


def _passed_on(dispatcher: Dispatcher, bundle: Bundle, line: str) -> Iterator[str]:
    """What the supervisor is to know of a worker's line."""
    word, _, rest = line.partition(" ")
    if word == "on":
        bundle.node = rest
    elif word == "refused":
        raise Refused(rest)
    else:
        yield dispatcher.heard(bundle, line)


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


def _listen(orders: queue.Queue[Order], stopping: threading.Event, over: threading.Event, folder: str) -> None:
    """Take the order, stop when told to. When the input ends, the supervisor is gone: leave nothing behind."""
    with contextlib.suppress(EOFError):  # in the middle of an order
        for line in sys.stdin:
            if line.strip() == "stop":
                stopping.set()
            else:
                with bulk():
                    orders.put(Order.heard(chain([line], sys.stdin)))
    print("the supervisor is gone", flush=True)
    over.set()  # or the watch, seeing the daemons die by our own hand, would end us before their helpers are dead too
    end_descendants()
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(1)


def _watch_daemons(over: threading.Event) -> None:
    """Without its raylet a driver waits for ever, and without its GCS it dies after a minute. We die at once.

    Of a cluster that is there already, none is ours but perhaps the node that joined it.

    A daemon that somebody has stopped, and not let go on for a while, is as good as dead.
    """
    daemons = [p for p in psutil.Process().children(recursive=True) if p.name().startswith(DAEMONS)]
    well = dict.fromkeys(daemons, time.monotonic())
    while daemons and not over.wait(0.5):
        states = {daemon: _state(daemon) for daemon in daemons}
        well |= {daemon: time.monotonic() for daemon, state in states.items() if state != psutil.STATUS_STOPPED}
        lost = psutil.STATUS_DEAD in states.values() or time.monotonic() - min(well.values()) > STOPPED
        if lost and not over.is_set():
            says = ", ".join(f"{daemon.pid} is {state}" for daemon, state in states.items())
            print(f"Ray is lost: of its daemons, {says}", flush=True)
            os._exit(1)


def _state(process: psutil.Process) -> str:
    try:
        state = process.status()
    except psutil.NoSuchProcess:
        return psutil.STATUS_DEAD
    return psutil.STATUS_DEAD if state == psutil.STATUS_ZOMBIE else state


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], Place.model_validate_json(sys.argv[3]) if sys.argv[3:] else EMBEDDED)
