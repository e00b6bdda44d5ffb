"""The way to a cluster: find it, be part of it as a node without a core if this machine is none, connect."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import ray

from suite.cluster.refused import Refused
from suite.protocol import NO_ACCELERATOR, THREADS, Place

AGAIN = 1.0  # seconds between two tries to reach the head
ANSWER = 3.0  # seconds for the head to take a connection
OURS = "/wl-"  # in the path of a Ray that a sweep keeps for itself
STORE_BYTES = 100 * 2**20  # shared memory of the node that joins, which holds records on their way


@dataclass(frozen=True)
class Raylet:
    """A node of some cluster that runs on this machine: the address of its head, and its folder."""

    head: str
    folder: str


def connect(place: Place, folder: str) -> None:
    """Connect to the cluster at `place.ray`, which is HOST:PORT or "auto"; our own files lie below `folder`.

    Raises Refused. If Ray itself hangs, this process says so and ends.
    """
    head = find(place.ray)
    reach(head, place.patience)
    member = next((raylet for raylet in raylets() if is_at(raylet.head, head)), None)
    try:
        ray.init(
            address=member.head if member else head,
            log_to_driver=False,
            configure_logging=False,
            runtime_env={"env_vars": environment(place)},
            _temp_dir=member.folder if member else join(head, folder),
        )
    except (Exception, SystemExit) as error:
        raise Refused(f"Ray at {head} does not let us in: {_first_line(error)}") from error


def environment(place: Place) -> dict[str, str]:
    """What workers find in theirs: one thread per trial, and no accelerator unless a share was asked for."""
    return THREADS if place.gpus else THREADS | NO_ACCELERATOR


def find(given: str) -> str:
    """HOST:PORT of the head. Raises Refused if "auto" finds none, or several."""
    if given != "auto":
        return given
    if named := os.environ.get("RAY_ADDRESS"):
        return named
    heads = sorted({raylet.head for raylet in raylets()})
    if not heads:
        raise Refused("no Ray runs on this machine and RAY_ADDRESS is not set; name the cluster: --ray HOST:PORT")
    if len(heads) > 1:
        raise Refused(f"several Rays run on this machine, at {', '.join(heads)}; name one: --ray HOST:PORT")
    return heads[0]


def reach(head: str, patience: float) -> None:
    """Wait up to `patience` seconds for the head to take a connection, and try once at least.

    Ray itself tries for two minutes and then ends the process.
    """
    host, _, port = head.rpartition(":")
    until = time.monotonic() + patience
    while True:
        try:
            socket.create_connection((host.strip("[]"), int(port)), timeout=ANSWER).close()
        except (OSError, OverflowError, ValueError) as error:
            if time.monotonic() < until:
                time.sleep(AGAIN)
                continue
            raise Refused(f"no Ray answers at {head}: {error}") from error
        return


def raylets() -> Iterator[Raylet]:
    """The nodes on this machine, but for those that other sweeps keep for themselves."""
    for process in psutil.process_iter():
        try:
            words = process.cmdline() if process.name() == "raylet" else []
        except psutil.Error:
            continue
        flags = dict(word.split("=", 1) for word in words if word.startswith("--") and "=" in word)
        head, folder = flags.get("--gcs-address", ""), flags.get("--temp_dir", "")
        if head and OURS not in folder:
            yield Raylet(head, folder)


def is_at(one: str, other: str) -> bool:
    """Whether two addresses are the same place; a loopback address is this machine, whatever it is called."""
    (host, _, port), (other_host, _, other_port) = one.rpartition(":"), other.rpartition(":")
    if port != other_port:
        return False
    ours = {address.address for found in psutil.net_if_addrs().values() for address in found}
    hosts, others = _addresses(host), _addresses(other_host)
    return bool(hosts & others) or bool(hosts & ours and others & ours)


def join(head: str, folder: str) -> str:
    """Become a node without a core, which ends with this process; its folder, which is private."""
    temporary = Path(folder) / "r"
    subprocess.Popen(
        [
            *(sys.executable, "-m", "ray.scripts.scripts", "start", "--address", head, "--block"),
            *("--num-cpus", "0", "--num-gpus", "0", "--object-store-memory", str(STORE_BYTES)),
            *("--temp-dir", str(temporary), "--disable-usage-stats"),
        ],
        stdin=subprocess.DEVNULL,  # ours is the supervisor's
        stdout=sys.stderr.fileno(),
        stderr=sys.stderr.fileno(),
    )
    return str(temporary)


def _addresses(host: str) -> set[str]:
    try:
        return {str(found[4][0]) for found in socket.getaddrinfo(host.strip("[]"), None)}
    except OSError:
        return {host}


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0] if lines else 'no reason given'}"
