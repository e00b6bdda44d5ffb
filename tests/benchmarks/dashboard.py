"""How the dashboard stands 20,000 records: the first and every later look at each page, a filter, and its memory.

    python -m tests.benchmarks.dashboard [RECORDS]

Prints seconds and megabytes; nothing asserts them, because they belong to the machine.
"""

import os
import resource
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from streamlit.testing.v1 import AppTest

from suite.arms import trials
from suite.claim import Claim
from suite.plan import planned
from suite.study import Study
from tests.dashboard import conftest as made
from tests.dashboard.viewer import APP

TASKS = ("image/digits", "series/mnist1d", "tabular/breast_cancer", "tabular/wine", "tabular/xor")
ARCHITECTURES = ("mlp", "cnn", "transformer", "gru", "lstm")
FILTERS = {
    "leaderboard": {"task": "image/digits"},
    "effects": {"factor": "residual"},
    "coverage": {"show": "Gaps"},
}
PAGES = ("home", "leaderboard", "effects", "interactions", "curves", "cost", "claims", "live", "record", "coverage")


def study(seeds: int) -> Study:
    """A factorial with a claim."""
    claim = Claim(
        id="H30", says="Deep ones need it.", factor="residual", level="add", reference="none", expects="better",
        source="section 9.4.1",
    )  # fmt: skip
    factors = {"norm": ("none", "batch", "layer", "rms"), "residual": ("none", "add"), "depth": (2, 8)}
    question = "How much can be looked at?"
    return Study(
        question=question, tasks=TASKS, architectures=ARCHITECTURES, factors=factors, seeds=seeds, claims=(claim,)
    )


def fill(root: Path, records: int) -> int:
    """A store with that many records, made up and written through the real ledger."""
    asked = study(-(-records // len(trials(study(1)))))
    some = trials(asked)
    made.write(root, (made.record(trial) for trial in some), planned("large", asked, "large", some))
    return len(some)


def _elsewhere(root: Path, records: int) -> int:
    """Fill it in another process, because that imports torch, which the dashboard never does."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as other:
        return other.submit(fill, root, records).result()


def look(name: str, **query: str) -> tuple[float, float]:
    """Seconds until the page is drawn, and seconds of a processor, which other work on the machine changes less."""
    app = AppTest.from_file(str(APP), default_timeout=600)
    app.query_params.update({"study": "large", **query})
    if name != "home":
        app.switch_page(f"views/{name}.py")
    began = time.monotonic(), time.process_time()
    app.run()
    took = time.monotonic() - began[0], time.process_time() - began[1]
    assert not app.exception, app.exception
    return took


def _said(took: tuple[float, float]) -> str:
    return f"{took[0]:.2f} s ({took[1]:.2f} of a processor)"


def megabytes() -> float:
    """What the process holds now, as the kernel counts it."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


def main() -> None:
    records = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "runs"
        there = _elsewhere(root, records)
        sys.argv = [str(APP), f"--runs={root}"]
        load = os.getloadavg()[0]
        print(f"{there:,} records, {megabytes():.0f} MB before the first page, load {load:.1f}", flush=True)
        for name in PAGES:
            if not APP.with_name("views").joinpath(f"{name}.py").is_file():
                continue
            first, warm = look(name), min(look(name) for _ in range(3))
            filtered = f", filtered {_said(look(name, **FILTERS[name]))}" if name in FILTERS else ""
            print(f"{name:<13} first {_said(first)}, warm {_said(warm)}{filtered}, {megabytes():.0f} MB", flush=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak {peak:.0f} MB")


if __name__ == "__main__":
    main()
