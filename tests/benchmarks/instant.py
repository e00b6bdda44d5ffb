"""An engine that answers every trial at once with the same made-up result: no Ray, no torch, no training.

What is left of a sweep is then what the supervisor does. Speaks the lines of suite/protocol.py.
"""

import sys
from collections.abc import Iterable, Iterator

from suite.protocol import Order
from suite.record import Cost, Point, Provenance, Record, Result
from suite.trial import Trial

MADE_UP = Record(
    trial=Trial(task="", architecture=""),
    metric="r2",
    chance=0.0,
    result=Result(
        outcome="finished",
        steps=1000,
        valid=0.5,
        test=0.5,
        curve=tuple(Point(step=50 * n, loss=1.0 / n, valid=0.5 - 0.1 / n) for n in range(1, 21)),
        weights="0123456789abcdef",
    ),
    cost=Cost(parameters=12345, flops=1234567890, seconds=1.0, peak_memory_mb=512.0),
    provenance=Provenance(
        source="made up",
        data="made up",
        numerics={"torch": "2", "cpu": "AVX2", "threads": "1", "device": "cpu", "execution": "solo"},
        libraries={"torch": "2", "numpy": "2", "scipy": "1", "ray": "2", "mlflow": "3", "pandas": "3"},
    ),
)


def main(slots: int) -> None:
    print(f"ready {slots}", flush=True)
    order = Order.heard(_said(sys.stdin))
    rest = MADE_UP.model_dump_json(exclude={"trial"})[1:]
    for job in order.jobs:
        print(f"started {job.trial.id} 0")
        print(f'record {{"trial":{job.trial.model_dump_json()},{rest}')
    print("done", flush=True)


def _said(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        print("alive", flush=True)
        yield line


if __name__ == "__main__":
    main(int(sys.argv[1]))
