"""What a sweep needs of the machine: memory that processes share, files, cores, sockets, and a Ray that starts."""

import contextlib
import os
import resource
import shutil
import socket
import tempfile
import time
from pathlib import Path

from suite.doctor.finding import Finding

FEWEST_OPEN = 1024  # files that a process may have open; Ray has hundreds
LEAST_SHARED = 256 * 2**20  # bytes of shared memory that an embedded Ray takes
LONGEST_SOCKET = 107  # bytes of a path that a Unix socket can have
RAY_ADDS = 70  # bytes that Ray adds to the temporary folder
PATIENCE = 3.0  # seconds for a connection
START = 60.0  # seconds for Ray to start


def shared_memory() -> Finding:
    folder = Path("/dev/shm")
    if not folder.is_dir():
        return Finding("shared memory", "note", "there is no /dev/shm; Ray uses the disk, which is slower")
    free = shutil.disk_usage(folder).free
    if free < LEAST_SHARED or not os.access(folder, os.W_OK):
        says = f"{free / 2**20:.0f} MiB free in /dev/shm; Ray takes {LEAST_SHARED >> 20}"
        return Finding(
            "shared memory", "ill", says, "docker run --shm-size=1g ..., or mount -o remount,size=1g /dev/shm"
        )
    return Finding("shared memory", "well", f"{free / 2**30:.1f} GiB free in /dev/shm")


def limits() -> Finding:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < FEWEST_OPEN:
        fix = f"ulimit -n {FEWEST_OPEN if hard >= FEWEST_OPEN or hard < 0 else hard}"
        return Finding("limits", "ill", f"a process may have {soft} files open; Ray needs {FEWEST_OPEN}", fix)
    return Finding("limits", "well", f"{'any number of' if soft < 0 else soft} open files")


def cores() -> Finding:
    may = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    load = os.getloadavg()[0]
    says = f"{may} of {os.cpu_count()} cores, so {may} trials at a time"
    if load > 2 * may:
        return Finding("cores", "note", f"{says}; load is {load:.1f}, so that times say little")
    return Finding("cores", "well", says)


def temporary() -> Finding:
    folder = tempfile.gettempdir()
    if len(folder) + RAY_ADDS > LONGEST_SOCKET:
        return Finding("temporary folder", "ill", f"{folder} is too long for Ray's sockets", "export TMPDIR=/tmp")
    return Finding("temporary folder", "well", folder)


def loopback() -> Finding:
    """Processes of a sweep talk over 127.0.0.1."""
    with socket.create_server(("127.0.0.1", 0)) as server, contextlib.ExitStack() as stack:
        stack.enter_context(socket.create_connection(server.getsockname(), timeout=PATIENCE))
        server.settimeout(PATIENCE)
        stack.enter_context(server.accept()[0])
    return Finding("loopback", "well", "127.0.0.1 answers")


def accelerator() -> Finding:
    """What can be seen without torch, which takes seconds to ask."""
    seen = sorted(path.name for path in Path("/dev").glob("nvidia[0-9]*")) + ["kfd"] * Path("/dev/kfd").exists()
    if not seen:
        return Finding("accelerator", "note", "none is visible; none is needed")
    hidden = " hidden by CUDA_VISIBLE_DEVICES," if os.environ.get("CUDA_VISIBLE_DEVICES") == "" else ""
    return Finding("accelerator", "well", f"{', '.join(seen)},{hidden} used with wonderland sweep --gpus-per-trial")


def ray() -> Finding:
    """Start the engine of a sweep, and end it."""
    from suite.backend import Engine
    from suite.protocol import Place

    began = time.monotonic()
    with tempfile.TemporaryDirectory() as scratch:
        engine = Engine("suite.engine", 1, Path(scratch) / "engine.log", Place())
        try:
            while time.monotonic() - began < START and not engine.is_lost:
                if any(line.startswith("ready") for line in engine.lines(1.0)):
                    return Finding("Ray", "well", f"started in {time.monotonic() - began:.0f} s")
        finally:
            engine.end()
        last = (Path(scratch) / "engine.log").read_text(encoding="utf-8", errors="replace").strip().splitlines()[-1:]
    return Finding("Ray", "ill", f"did not start: {(last or ['no word from it'])[0]}", "wonderland doctor")
