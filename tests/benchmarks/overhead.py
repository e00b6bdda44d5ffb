"""What the suite itself costs: wall time per trial over 1,000 trials that train zero steps; beside it, Ray Tune's.

    python -m tests.benchmarks.overhead

A trial still builds its network, loads its data from memory and scores it twice; that is measured alone too
and printed, because it is not overhead. Start-up is printed apart. Tune gets fewer of the same trials, as many
as it runs in some ten seconds, each a function trainable on one core.
"""

import os
import secrets
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from suite.arms import trials
from suite.backend import ENVIRONMENT
from suite.estimate import Range
from suite.plan import Workload
from suite.settings import Settings
from suite.store import Status, Store
from suite.study import Study
from suite.sweep import sweep
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

    def announce(work: Workload, seconds: Range, slots: int) -> None:
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


def tune(trials: int, *ways: str) -> float:
    """Milliseconds per trial of so many of them as Ray Tune trainables, in a process of its own."""
    secret = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)}
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.tuned", str(trials), str(SLOTS), *ways],
        env=os.environ | ENVIRONMENT | secret,
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout.splitlines()[-1])


def main() -> None:
    work, ours = alone(), dict[bool, float]()
    print(f"the trials themselves             {work:8.2f} ms per trial on {SLOTS} cores")
    for name, mirror, target in (("with ledger", False, 5), ("with ledger and MLflow", True, 20)):
        start, each = measure(mirror=mirror)
        ours[mirror] = each
        print(f"{name:<33} {each:8.2f} ms per trial (target {target}), {start:.1f} s before the first")
    for name, mirror, some, ways in (
        ("Tune", False, 20, ()),
        ("Tune, actors reused", False, 100, ("reuse",)),
        ("Tune, actors reused, and MLflow", True, 100, ("reuse", "mlflow")),
    ):
        each = tune(some, *ways)
        print(f"{name:<33} {each:8.2f} ms per trial ({some} trials), {each / ours[mirror]:.0f} times ours")


if __name__ == "__main__":
    main()
