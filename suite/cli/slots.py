"""How many trials this machine runs at a time."""

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from suite.resources import Resources


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def at_a_time(given: "Resources") -> int:
    """Trials that this machine has cores for at a time; one at least, which may have to share them."""
    return max(1, int(cores() // (given.processes * given.cpus)))


def shortage(given: "Resources") -> str | None:
    """Why this machine has no room for a trial that has a group of processes, or None if it has."""
    wanted = given.processes * given.cpus
    if given.processes == 1 or wanted <= cores():
        return None
    return f"a trial is given {given.words}, and this machine has {cores()} cores; name a cluster: --ray HOST:PORT"
