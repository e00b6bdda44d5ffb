"""Processes as a family: orphans are adopted, and nobody is left behind."""

import ctypes
import sys
import time
from pathlib import Path

import psutil

PR_SET_CHILD_SUBREAPER = 36


def adopt_orphans() -> None:
    """Make this process the parent of every descendant whose own parent dies, where the system can (Linux).

    Without it the helpers of a killed Ray driver outlive it by a minute, unknown to anybody.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def born(pid: int) -> float | None:
    """When a process started, or None if there is none; of use only to tell it from another one of that number.

    On Linux it is told from the start of the system, because psutil's answer moves whenever the clock is set.
    """
    try:
        if sys.platform == "linux":
            stat = Path(f"/proc/{pid}/stat").read_bytes()
            return float(stat.rpartition(b")")[2].split()[19])  # the name before it may hold anything
        return float(psutil.Process(pid).create_time())
    except (OSError, ValueError, OverflowError, psutil.Error):
        return None


def end_descendants(*, spare: int | None = None, deadline: float = 5.0) -> int:
    """Kill every process below this one but `spare`; how many are left after at most `deadline` seconds.

    In rounds, because a child that dies hands its own children over to us (see adopt_orphans).
    """
    until = time.monotonic() + deadline
    while True:
        below = [p for p in psutil.Process().children(recursive=True) if p.pid != spare]
        for process in below:
            try:
                process.kill()
            except psutil.NoSuchProcess:
                continue
        _, alive = psutil.wait_procs(below, timeout=0.2)
        if not below or time.monotonic() > until:
            return len(alive)
