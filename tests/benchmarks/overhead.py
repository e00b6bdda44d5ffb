"""What the suite itself costs: wall time per trial over 1,000 trials that train zero steps.

    python -m tests.benchmarks.overhead

A trial still builds its network, loads its data from memory and scores it twice; that is measured alone too
and printed, because it is not overhead. Start-up is printed apart.
"""

import os
import tempfile
import time
from pathlib import Path

from suite.estimate import Range
from suite.plan import Workload
from suite.store import Status, Store
from suite.study import Study, trials
from suite.sweep import Settings, sweep
from suite.train import train

TRIALS = 1000
SLOTS = len(os.sched_getaffinity(0))
STUDY = Study(
    question="What does a trial cost that trains nothing?",
    tasks=("tabular/diabetes",),
    architectures=("mlp",),
    factors={"width": tuple(range(1, TRIALS // 10 + 1))},
    baseline={"steps": 0, "depth": 1},
    seeds=10,
)


def measure(*, mirror: bool) -> tuple[float, float]:
    """Seconds before the first trial, and milliseconds per trial from then until all is written."""
    first: list[float] = []

    def announce(work: Workload, seconds: Range) -> None:
        assert len(work.new) == TRIALS

    def watch(status: Status) -> None:
        if status.running and not first:
            first.append(time.perf_counter())

    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        ending = sweep(Store(Path(folder)), "overhead", STUDY, Settings(SLOTS, mirror=mirror), announce, watch)
        ended = time.perf_counter()
        assert ending.status.done == TRIALS
        assert ending.mirrored
    return first[0] - began, 1000 * (ended - first[0]) / TRIALS


def alone() -> float:
    """Milliseconds per trial of the same training in this process, spread over the same slots."""
    some = trials(STUDY)[:100]
    train(some[0])
    began = time.perf_counter()
    for trial in some:
        train(trial)
    return 1000 * (time.perf_counter() - began) / len(some) / SLOTS


def main() -> None:
    work = alone()
    print(f"the trials themselves    {work:6.2f} ms per trial on {SLOTS} cores")
    for name, mirror, target in (("with ledger", False, 5), ("with ledger and MLflow", True, 20)):
        start, each = measure(mirror=mirror)
        print(f"{name:<24} {each:6.2f} ms per trial (target {target}), {start:.1f} s before the first")


if __name__ == "__main__":
    main()
