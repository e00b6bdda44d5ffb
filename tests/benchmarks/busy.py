"""How busy a sweep of real trials keeps the cores: seconds spent training over seconds available.

    python -m tests.benchmarks.busy

Counted from the first trial's start until the last record is written, on every core. What a worker needs to
import torch for its first trial counts against us.
"""

import os
import tempfile
import time
from pathlib import Path

from suite.estimate import Range
from suite.plan import Workload
from suite.settings import Settings
from suite.store import Status, Store
from suite.study import Study
from suite.sweep import sweep

SLOTS = len(os.sched_getaffinity(0))
STUDY = Study(
    question="How much of the time do the cores train?",
    tasks=("series/mnist1d",),
    architectures=("cnn", "mlp"),
    factors={"norm": ("none", "batch", "layer", "rms"), "depth": (4, 6)},
    baseline={"width": 32, "patch": 4, "steps": 190, "batch": 32},
    seeds=25,
)


def main() -> None:
    first: list[float] = []

    def announce(work: Workload, seconds: Range, slots: int) -> None:
        print(f"{len(work.new)} trials on {SLOTS} cores")

    def watch(status: Status) -> None:
        if status.running and not first:
            first.append(time.perf_counter())

    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder))
        sweep(store, "busy", STUDY, Settings(SLOTS), announce, watch)
        wall = time.perf_counter() - first[0]
        training = sum(record.cost.seconds for record in store.records("busy"))
        trials = len(store.records("busy"))
    print(
        f"{trials} trials of {training / trials:.2f} s; cores training {training / (SLOTS * wall):.1%} of {wall:.0f} s"
    )


if __name__ == "__main__":
    main()
