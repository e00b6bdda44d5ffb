"""Start-up: how long `wonderland --help` takes, and how long after the command a sweep's first trial trains.

    python -m tests.benchmarks.startup

Each is measured three times; the machine's load while that went on is said, because it decides the figures.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from suite.cli.slots import cores
from suite.store import Store

REPEATS = 3
HELP, FIRST = 0.3, 10.0  # seconds that they may take on a machine that does nothing else
LONG = 300.0  # seconds after which a sweep that has not begun never will
STUDY = """
from suite.study import Study
STUDY = Study(question="?", tasks=("image/digits",), architectures=("mlp",),
              factors={"norm": ("none", "layer")}, baseline={"steps": 300}, seeds=2)
"""
COMMAND = [sys.executable, "-c", "from suite.cli.main import main; main()"]


def help_seconds() -> float:
    began = time.monotonic()
    subprocess.run([*COMMAND, "--help"], stdout=subprocess.DEVNULL, check=True)
    return time.monotonic() - began


def first_seconds(folder: Path) -> float:
    """From the command to the moment at which a worker begins a trial, in a store that is new."""
    (folder / "startup.py").write_text(STUDY)
    words = [*COMMAND, "sweep", "startup.py", "--runs", "runs", "--progress", "none"]
    began = time.monotonic()
    with subprocess.Popen(words, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as sweep:
        found = _first(Store(folder / "runs"), began)
        sweep.terminate()
        sweep.wait()
    return found


def _first(store: Store, began: float) -> float:
    while time.monotonic() - began < LONG:
        status = store.status("startup")
        if status is not None and status.running:
            return time.monotonic() - began - max(trial.seconds for trial in status.running)
        time.sleep(0.02)
    raise SystemExit(f"no trial began within {LONG:g} s")


def main() -> None:
    before = os.getloadavg()[0]
    helps = sorted(help_seconds() for _ in range(REPEATS))
    firsts = []
    for _ in range(REPEATS):
        with tempfile.TemporaryDirectory() as folder:
            firsts.append(first_seconds(Path(folder)))
    firsts.sort()
    for what, found, budget in (("wonderland --help", helps, HELP), ("first trial trains after", firsts, FIRST)):
        times = ", ".join(f"{seconds:.2f}" for seconds in found)
        print(f"{what:<26}{times} s; at best {found[0] / budget:.0%} of the {budget:g} s that it may take")
    print(f"load of the machine       {before:.1f} before and {os.getloadavg()[0]:.1f} after, on {cores()} cores")


if __name__ == "__main__":
    main()
