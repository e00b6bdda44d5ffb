"""How a running sweep stands: what is done, what runs, what is left and for how long."""

import os
import platform
import time
from collections import Counter
from collections.abc import Sequence
from typing import Literal

from suite.estimate import Estimate
from suite.past import Past, of
from suite.process import born
from suite.record import Record
from suite.spans import Spans
from suite.store import Failure, Running, Status
from suite.trial import Trial

TRUST = 5.0  # seconds of work that the estimate weighs; the first trials of a worker are slower than the rest
FEW = 10  # trials after which the pace is known well enough to narrow the range
MOST_FAILURES = 50  # listed; all are counted
State = Literal["running", "done", "stopped", "lost"]


class Progress:
    """Told of every trial that starts and every record that is safe on disk; gives the status, and keeps `spans`."""

    def __init__(
        self, todo: Sequence[Trial], cached: Sequence[Past], estimate: Estimate, spans: Spans | None = None
    ) -> None:
        self._spans = spans
        self._expected = {trial.id: estimate.seconds(trial) for trial in todo}
        self._trials = {trial.id: trial for trial in todo}
        self._open = sum(self._expected.values())
        self._took = self._should_have_taken = 0.0
        self._running: dict[str, float] = {}
        self._cached, self._done, self.slots = len(cached), 0, 0
        self._outcomes: Counter[str] = Counter(answer.outcome for answer in cached)
        self._failures = [_failure(answer) for answer in cached if answer.outcome != "finished"]
        self._started = time.time()

    def begin(self, id: str) -> None:
        self._running[id] = time.monotonic()
        if self._spans:
            self._spans.begin(id)

    def interrupt(self) -> None:
        """The workers are gone; nothing runs."""
        self._running.clear()
        if self._spans:
            self._spans.interrupt()

    def finish(self, record: Record) -> None:
        self._running.pop(record.id, None)
        if self._spans:
            self._spans.end(record.id, record.cost.seconds)
        expected = self._expected.pop(record.id)
        self._open -= expected
        self._took += record.cost.seconds
        self._should_have_taken += expected
        self._done += 1
        self._outcomes[record.outcome] += 1
        if record.outcome != "finished":
            self._failures.append(_failure(of(record)))

    def status(self, state: State, why: str = "") -> Status:
        """`why` says which limit has stopped it, if one has."""
        now = time.monotonic()
        return Status(
            state=state,
            why=why,
            pid=os.getpid(),
            born=born(os.getpid()) or 0.0,
            host=platform.node(),
            started=self._started,
            beat=time.time(),
            slots=self.slots,
            total=self._cached + self._done + len(self._expected),
            cached=self._cached,
            done=self._done,
            outcomes=dict(self._outcomes),
            running=tuple(self._run(id, now - since) for id, since in self._running.items()),
            failures=tuple(self._failures[:MOST_FAILURES]),
            left=self._left() if state == "running" else None,
        )

    def _run(self, id: str, seconds: float) -> Running:
        trial = self._trials[id]
        return Running(id=id, task=trial.task, architecture=trial.architecture, seconds=round(seconds, 1))

    def _left(self) -> tuple[float, float] | None:
        if not self.slots:
            return None
        pace = (self._took + TRUST) / (self._should_have_taken + TRUST)
        seconds = self._open * pace / self.slots
        low, high = (0.8, 1.25) if self._done >= FEW else (0.5, 2.0)
        return low * seconds, high * seconds


def _failure(answer: Past) -> Failure:
    return Failure(id=answer.id, outcome=answer.outcome, message=answer.message or "")
