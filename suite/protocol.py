"""What the supervisor and its engine say to each other, line by line, over a pipe.

To the engine: an Order first, in the lines that it has, then perhaps `stop`. If its input ends, the engine ends, and
all of Ray.
From the engine:

    looking             the nodes of a cluster have not all said what they are made of yet; said every second
    ready SLOTS         Ray is up
    alive               nothing else to say for a second
    sent ID ...         these trials are about to go to a worker
    back ID ...         they wait again, because their worker is gone
    started ID PID      a worker begins a trial
    record JSON         a trial's record
    crashed ID          a trial took its worker along twice, the second time alone
    timed_out ID        a trial did not end before its deadline
    done                all of the order is answered, or the engine was told to stop
    refused WHY         the cluster cannot run the order, and another engine could not either

The engine keeps no state that matters: the supervisor can kill it at any moment and start another.
"""

import sys
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Self

from pydantic import TypeAdapter

from suite.resources import Resources
from suite.trial import Plain, Trial

LOCAL = "local"
PAGE = 1000  # jobs in a line
LOOPBACK = "lo0" if sys.platform == "darwin" else "lo"
THREADS = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}  # read when torch is imported; two on one core only wait

# By these, libraries take their sums in another way, which no numerics class tells. ATEN_CPU_CAPABILITY it does tell.
OTHER_BITS = ("MKL_", "ONEDNN_", "DNNL_", "OPENBLAS_", "GOTO_", "BLIS_", "NPY_", "GLIBC_TUNABLES")

# Trials train on the processor; a library that finds an accelerator takes from it.
NO_ACCELERATOR = {"CUDA_VISIBLE_DEVICES": "", "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0"}


def plain(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment without variables that change the bits of a score unseen."""
    return {name: value for name, value in environment.items() if name in THREADS or not name.startswith(OTHER_BITS)}


class Place(Resources):
    """Where trials run, and what each is given there: processes, and for each cores and accelerators or a share of one.

    `ray` is "local" for a Ray that lives and dies with the engine, or HOST:PORT or "auto" for a cluster that is
    there; an engine waits for it up to `patience` seconds.
    """

    ray: str = LOCAL
    patience: float = 0.0


EMBEDDED = Place()


class Job(Plain):
    """A trial and how many seconds it is expected to take, which only decides how trials are bundled.

    Trials of one `kind` can be trained together; "" can not.
    """

    trial: Trial
    seconds: float
    kind: str = ""


class Order(Plain):
    """What to run: jobs in this order, each within `deadline` seconds; long ones keep their state in `checkpoints`.

    Up to `fused` neighbours of a kind are trained together. The first `suspects` of the jobs may have taken an engine
    down, and are tried one by one, with nothing beside them, before the others.
    """

    jobs: tuple[Job, ...]
    deadline: float
    checkpoints: str
    fused: int = 1
    suspects: int = 0

    def lines(self) -> Iterator[str]:
        """As it is said: itself without its jobs, pages of them, and an empty page.

        Whoever makes or reads a large one can do something else between two pages, such as saying `alive`.
        """
        yield self.model_copy(update={"jobs": ()}).model_dump_json()
        jobs = iter(self.jobs)
        while page := tuple(islice(jobs, PAGE)):
            yield PAGES.dump_json(page).decode()
        yield "[]"

    @classmethod
    def heard(cls, lines: Iterator[str]) -> Self:
        """The order in the lines, of which no more are taken. Raises EOFError if they end before it does."""
        jobs: list[Job] = []
        order = cls.model_validate_json(_next(lines))
        while page := PAGES.validate_json(_next(lines)):
            jobs.extend(page)
        return order.model_copy(update={"jobs": tuple(jobs)})


PAGES = TypeAdapter(tuple[Job, ...])


def _next(lines: Iterator[str]) -> str:
    line = next(lines, None)
    if line is None:
        raise EOFError("the order is not whole")
    return line
