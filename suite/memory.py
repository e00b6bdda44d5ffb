"""How much memory a worker may take: its share, so that a trial that wants more fails by itself, and no other."""

import resource
import sys
from pathlib import Path

import psutil

LEAST = 2**30  # bytes that every worker may take, however many there are
LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")  # of a container


def bound(share: float) -> None:
    """Let this process allocate that share of the machine's memory, from 0 to 1, beyond what it has; once (Linux).

    What lies in files, or is shared or only reserved, does not count: torch and Ray map gigabytes of it.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    if sys.platform == "linux" and soft == resource.RLIM_INFINITY:
        limit = _allocated() + max(LEAST, int(share * total()))
        resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))


def total() -> int:
    """Bytes that the machine has, or that our container may take of it."""
    given = [Path(path).read_text().strip() for path in LIMITS if Path(path).is_file()]
    return min([psutil.virtual_memory().total, *(int(limit) for limit in given if limit.isdecimal())])


def _allocated() -> int:
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(status["VmData"].split()[0]) * 1024
