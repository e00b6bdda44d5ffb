"""A cluster's workers, as the engine sends bundles to them."""

import contextlib
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ray

from suite.cluster import node
from suite.cluster.connection import connect
from suite.cluster.preflight import LOOK, Node, admit, living, share_of, task, with_room
from suite.cluster.refused import Refused
from suite.cluster.watch import Watch
from suite.dispatcher import AHEAD, Bundle
from suite.protocol import Order, Place

START = 50.0  # seconds to be let in, less than a supervisor waits
MORE = 10.0  # seconds that Ray may take longer than it was told to
GOODBYE = 5.0  # seconds for the nodes to remove what we left there


class Cluster:
    """The workers of a cluster that is there already: all of them, or `slots` at a time if that is not 0."""

    def __init__(
        self, slots: int, folder: str, place: Place, say: Callable[[str], None], over: threading.Event
    ) -> None:
        os.umask(0o077)
        self._name, self._place, self._most = Path(folder).name, place, slots
        late = f"refused the cluster at {place.ray} took longer than"
        with _no_longer_than(START, lambda: say(f"{late} {START:g} s")):
            until = time.monotonic() + place.patience
            connect(place, folder)
            nodes = _with_room(place, until)
        with _no_longer_than(LOOK + MORE, lambda: say(f"{late} {LOOK:g} s"), lambda: say("looking")):
            self._expected = admit(nodes, place)
        self._watch = Watch(place, nodes, over)
        self._work = ray.remote(work).options(num_returns="streaming", max_retries=0, **share_of(place))

    @property
    def slots(self) -> int:
        there = self._watch.slots
        return min(self._most, there) if self._most else there

    @property
    def ahead(self) -> int:
        """One for groups, and where there is room for more than we may take: what is sent ahead would be run too."""
        return 1 if self._place.processes > 1 or (self._most and self._most < self._watch.slots) else AHEAD

    def send(self, bundle: Bundle, order: Order) -> Any:
        texts = [job.trial.model_dump_json() for job in bundle.open]
        given = texts, order.deadline, order.checkpoints, order.fused, self._place
        return self._work.remote(self._name, self._expected, *given)

    def kill(self, bundle: Bundle) -> None:
        assert bundle.running is not None
        task(node.kill, bundle.node).remote(bundle.running)
        bundle.since = time.monotonic()  # so that it is not killed again until that can have come to nothing

    def lost_node(self, bundle: Bundle) -> bool:
        return bool(bundle.node) and bundle.node not in {found.id for found in living()}

    def leave(self) -> None:
        """Remove what we left on the nodes, as far as they answer."""
        said = [task(node.leave, found.id).remote(self._name) for found in self._watch.nodes]
        with contextlib.suppress(ray.exceptions.RayError):
            ray.wait(said, num_returns=len(said), timeout=GOODBYE)


def work(
    name: str,
    expected: dict[str, str],
    trials: list[str],
    deadline: float,
    checkpoints: str,
    fused: int,
    place: Place,
) -> Iterator[str]:
    """What a worker does; it knows where it is."""
    here = ray.get_runtime_context().get_node_id()
    if place.processes == 1:
        yield from node.work(here, name, expected, trials, deadline, checkpoints, fused, place.gpus)
        return
    from suite.cluster import group  # imports torch and Ray Train, which only the workers need

    yield f"on {here}"
    how = group.Conditions(place.execution, place.gpus, deadline, checkpoints, name=name, expected=expected)
    yield from group.work(trials, place, how)


def _with_room(place: Place, until: float) -> Sequence[Node]:
    """The cluster's nodes, as soon as one of them can take a trial. Raises Refused if none can in time."""
    while True:
        nodes = living()
        try:
            with_room(nodes, place)
        except Refused:
            if time.monotonic() > until:
                raise
            time.sleep(1.0)
        else:
            return nodes


@contextmanager
def _no_longer_than(
    seconds: float, explain: Callable[[], None], meanwhile: Callable[[], None] = lambda: None
) -> Iterator[None]:
    """End the process if what is inside takes longer: Ray's own waits cannot be interrupted.

    Until then say every second what there is to say `meanwhile`.
    """
    over = threading.Event()

    def watch() -> None:
        until = time.monotonic() + seconds
        while not over.wait(1.0):
            if time.monotonic() > until:
                explain()
                os._exit(1)
            meanwhile()

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()  # or a line of it could come between two of ours
