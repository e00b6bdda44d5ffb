"""Which trials wait, which are away, and who is charged when a worker dies. Knows nothing of Ray."""

import time
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice, takewhile

from suite.protocol import Job

BUNDLE_SECONDS = 1.0  # of work that make a Ray task; Ray's own time per task is then lost in it
LARGEST_BUNDLE = 64
AHEAD = 2  # bundles in flight per slot, so that a worker finds the next one waiting
TRIES = 2
NODES = 3  # that may be lost under a trial before it is thought to be the reason


@dataclass
class Bundle:
    """Trials that a worker has been given. `open` are not answered yet; the first of them may be running."""

    open: deque[Job]
    since: float = 0.0
    running: int | None = None  # the worker's process while it runs one of them
    node: str = ""  # where it is, on a cluster
    number: int = 0  # counted from 1, as they are sent


@dataclass
class Dispatcher:
    """Which trials wait, which are away, and how often each has taken a worker, or a node, along."""

    waiting: deque[Job]
    slots: int
    deadline: float
    checkpoints: str
    fused: int = 1
    alone: deque[Job] = field(default_factory=deque)
    crashes: Counter[str] = field(default_factory=Counter)
    nodes: Counter[str] = field(default_factory=Counter)
    suspects: deque[Job] = field(default_factory=deque)  # that may have taken an engine down
    suspect_is_away: bool = False
    sent: int = 0  # bundles
    begun: int = 0  # the highest number of a bundle that a worker has begun
    lost_at: dict[str, int] = field(default_factory=dict)  # how many had been sent when a trial was lost
    in_vain: float | None = None  # since when workers have been lost with none at a trial, and no trial begun or ended
    took: float = 0.0
    should_have_taken: float = 0.0

    @property
    def is_empty(self) -> bool:
        """Whether no trial waits."""
        return not self.waiting and not self.alone and not self.suspects

    def next_bundle(self, away: int = 0) -> Bundle | None:
        """The next trials to send away: about a second of work, and never more than a fair share of what is left.

        Trials that are trained together stay together. Suspects come first, each with no other of the `away` bundles
        beside it, so that it is known who did it if the engine is lost again.
        """
        bundle = self._next_bundle(away)
        if bundle:
            self.sent += 1
            bundle.number = self.sent
        return bundle

    def _next_bundle(self, away: int) -> Bundle | None:
        if self.suspects or self.suspect_is_away:
            if away:
                return None
            self.suspect_is_away = bool(self.suspects)
            if self.suspects:
                return Bundle(deque([self.suspects.popleft()]))
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
        self.begun, self.in_vain = max(self.begun, bundle.number), None
        if line.startswith("started "):
            bundle.running, bundle.since = int(line.rpartition(" ")[2]), time.monotonic()
        else:
            self.took += time.monotonic() - bundle.since
            self.should_have_taken += bundle.open.popleft().seconds
            bundle.running = None
        return line

    def lost(self, bundle: Bundle, *, with_node: bool = False) -> str | None:
        """A bundle's worker is gone: charge the trial that ran, and take the others back. The line to say, if any.

        Of trials that were trained together nobody knows which it was, so that each is tried alone. A whole node
        is hardly ever lost because of a trial, so that this is charged by a longer account, and so is who never began.
        Who again did not begin is charged only if another bundle, sent in the meantime, did; else it is Ray that is
        lost.
        """
        if bundle.running is None:
            self.in_vain = self.in_vain or time.monotonic()
        if not bundle.open:
            return None
        if with_node and bundle.running is None:
            self.waiting.extendleft(reversed(bundle.open))
            return None
        suspects = together(bundle.open, self.fused)
        before = self.lost_at.get(suspects[0].trial.id)
        self.lost_at |= {suspect.trial.id: self.sent for suspect in suspects}
        if bundle.running is None and before is not None and self.begun <= before:
            self.alone.extend(bundle.open)
            return None
        self.waiting.extendleft(reversed(list(bundle.open)[len(suspects) :]))
        if len(suspects) == 1 and self.is_late(bundle):
            return f"timed_out {suspects[0].trial.id}"
        account, most = (self.nodes, NODES) if with_node or bundle.running is None else (self.crashes, TRIES)
        account.update(suspect.trial.id for suspect in suspects)
        if len(suspects) == 1 and account[suspects[0].trial.id] >= most:
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
