"""What the mirror costs: time and disk of a run in MLflow, for made-up records with a curve of 20 points.

    python -m tests.benchmarks.mirror [RECORDS [ADDRESS]]

ADDRESS is a tracking server's; without one the runs go to SQLite in a folder of its own, whose size is then known.
"""

import sys
import tempfile
import time
from pathlib import Path

from suite import ledger
from suite.store import Store
from suite.tracking import Mirror
from tests.benchmarks.dashboard import fill

PARTS = 4  # of the records, to see whether the last cost more than the first


def main(records: int, tracking: str | None) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        there = fill(root, records)
        store = Store(root)
        lines = sum(path.stat().st_size for path in ledger.segments(store.folder("large")))
        made = store.records("large")
        mirror = Mirror(store, "large", tracking)
        costs = []
        for part in range(PARTS):
            some = made[part * there // PARTS : (part + 1) * there // PARTS]
            began, clock = time.perf_counter(), time.process_time()
            mirror.show(some)
            costs.append(
                tuple(1000 * spent / len(some) for spent in (time.perf_counter() - began, time.process_time() - clock))
            )
        began = time.perf_counter()
        Mirror(store, "large", tracking)
        found = time.perf_counter() - began
        print(f"{there:,} runs; the ledger takes {lines / there:,.0f} bytes a record", end="")
        if tracking is None:
            size = sum(path.stat().st_size for path in root.glob("mlflow.db*"))
            print(f", MLflow's database {size / there:,.0f} bytes a run", end="")
        (first, first_cpu), *_, (last, last_cpu) = costs
        print(f"\na run takes {first:.0f} ms at first ({first_cpu:.0f} of processor)", end="")
        print(f" and {last:.0f} ms at last ({last_cpu:.0f} of processor)")
        print(f"finding all runs again takes {found:.1f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 2_000, sys.argv[2] if sys.argv[2:] else None)
