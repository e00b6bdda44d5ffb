"""What a very large study costs its supervisor: 100,000 trials that do nothing, through an engine that answers at once.

    python -m tests.benchmarks.scale [TRIALS]

Cost per trial is the supervisor's own processor time from one write of the ledger to the next, so that other
programs on the machine do not count; wall time is printed beside it.
"""

import resource
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from statistics import median
from typing import ClassVar

from suite import ledger
from suite.estimate import Range
from suite.plan import Workload, workload
from suite.record import Record
from suite.settings import Settings
from suite.store import Status, Store
from suite.study import Study
from suite.sweep import sweep
from suite.trial import Level

FACTORS: dict[str, tuple[Level, ...]] = {
    "norm": ("none", "batch", "layer", "rms"),
    "width": (8, 16, 32, 64, 128),
    "rate": (1e-4, 3e-4, 1e-3, 3e-3, 1e-2),
    "depth": (1, 2, 3, 4, 6),
    "residual": ("none", "add"),
    "dropout": (0.0, 0.1, 0.2, 0.3, 0.5),
}
SIZES = {100: (2, 5), 1_000: (3, 10), 10_000: (4, 20), 100_000: (6, 20), 1_000_000: (6, 200)}  # factors, and seeds


def study(trials: int) -> Study:
    factors, seeds = SIZES[trials]
    return Study(
        question=f"What does a study of {trials:,} trials cost?",
        tasks=("tabular/diabetes",),
        architectures=("mlp",),
        factors=dict(islice(FACTORS.items(), factors)),
        seeds=seeds,
    )


class Clocked(ledger.Ledger):
    """A ledger that notes how much processor time had passed whenever it had written."""

    written: ClassVar[list[tuple[int, float]]] = []

    def append(self, records: Sequence[Record]) -> None:
        super().append(records)
        if records:
            before = self.written[-1][0] if self.written else 0
            self.written.append((before + len(records), time.process_time()))


def main(trials: int) -> None:
    ledger.Ledger = Clocked  # type: ignore[misc]
    asked = study(trials)
    assert asked.size == trials
    marks: dict[str, float] = {}

    def announce(work: Workload, seconds: Range, slots: int) -> None:
        assert len(work.new) == trials

    def watch(status: Status) -> None:
        marks.setdefault("planned", time.perf_counter())
        marks.setdefault("planned_cpu", time.process_time())

    with tempfile.TemporaryDirectory() as folder:
        store, settings = Store(Path(folder)), Settings(2, mirror=False, engine="tests.benchmarks.instant")
        began, clock = time.perf_counter(), time.process_time()
        ending = sweep(store, "scale", asked, settings, announce, watch)
        ended = time.perf_counter()
        assert ending.status.done == trials
        peak = _peak()
        size = sum(path.stat().st_size for path in ledger.segments(store.folder("scale"))) / 2**20
        again, again_cpu = _seconds(lambda: workload(store, "scale", asked))
        again_peak = _peak()
        read, read_cpu = _seconds(lambda: ledger.read(store.folder("scale")))
        read_peak = _peak()

    step = min(1000, trials // 10)
    first, *between, last = _costs(Clocked.written, step)
    each = 1000 * (ended - marks["planned"]) / trials
    print(f"{trials:,} trials, {size:.0f} MiB of ledger, {each:.2f} ms of wall time each")
    planning = marks["planned_cpu"] - clock
    print(f"planning                 {marks['planned'] - began:6.2f} s ({planning:.2f} of processor; target below 10)")
    print(f"supervisor's memory      {peak:6.2f} GiB at its peak (target below 1)")
    print(f"cost of a trial          {first:6.3f} ms in the first {step}, {median(between):.3f} ms in most,", end=" ")
    print(f"{last:.3f} ms in the last, {last / first:.2f} times the first (target 1: flat)")
    print(f"study planned again      {again:6.2f} s ({again_cpu:.2f} of processor),", end=" ")
    print(f"{again_peak:.2f} GiB, with every trial there")
    print(f"ledger read again        {read:6.2f} s ({read_cpu:.2f} of processor; target below 5),", end=" ")
    print(f"{read_peak:.2f} GiB with every record in memory")


def _costs(written: Sequence[tuple[int, float]], step: int) -> list[float]:
    """Milliseconds per trial, `step` by `step` of them."""
    costs: list[float] = []
    count, clock = written[0]
    for there, then in written:
        if there - count >= step:
            costs.append(1000 * (then - clock) / (there - count))
            count, clock = there, then
    return costs


def _peak() -> float:
    """GiB that this process has held at most so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def _seconds(work: Callable[[], object]) -> tuple[float, float]:
    """On the wall, and of this process's processor time."""
    began, clock = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - began, time.process_time() - clock


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 100_000)
