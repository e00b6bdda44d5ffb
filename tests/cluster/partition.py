"""Several hosts, made of network namespaces: a sweep from outside, and cables that are pulled and put back.

Wants root and `ip`, and takes minutes, most of them waiting for Ray's own deadlines: make cluster-test
"""

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from suite.arms import trials
from suite.study_file import load
from suite.train import train
from tests.test_sweep import STUDY, TRIALS, Sweep, digests

ROOT = Path(__file__).parents[2]
NETWORK, PORT = "10.77.0", 6379
SWITCH = "wl-switch"  # a namespace of its own, which no firewall of this machine looks into
HOSTS = ("head", "one", "two", "desk")  # the desk is where the command runs, and no part of the cluster
BOUND = 120.0  # seconds from a loss to the end of a sweep


def ip(*words: str, check: bool = True) -> None:
    subprocess.run(["ip", *words], check=check, capture_output=True)


def can_make_hosts() -> bool:
    with contextlib.suppress(OSError, subprocess.CalledProcessError):
        ip("netns", "add", "wl-probe")
        ip("netns", "delete", "wl-probe")
        return True
    return False


pytestmark = pytest.mark.skipif(not can_make_hosts(), reason="network namespaces need root, and the command `ip`")


class Hosts:
    """Hosts on one switch, each with processes, a loopback and an address of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._running = folder, list[subprocess.Popen[bytes]]()
        self._token = folder / "token"
        self._token.touch(mode=0o600)
        self._token.write_text(secrets.token_hex(32))
        self._clear()
        ip("netns", "add", SWITCH)
        ip("-n", SWITCH, "link", "add", "switch", "type", "bridge")
        ip("-n", SWITCH, "link", "set", "switch", "up")
        for number, host in enumerate(HOSTS, start=1):
            ip("netns", "add", f"wl-{host}")
            ip("-n", SWITCH, "link", "add", host, "type", "veth", "peer", "name", "eth0", "netns", f"wl-{host}")
            ip("-n", SWITCH, "link", "set", host, "master", "switch", "up")
            for words in (["link", "set", "lo", "up"], ["link", "set", "eth0", "up"]):
                ip("-n", f"wl-{host}", *words)
            ip("-n", f"wl-{host}", "address", "add", f"{NETWORK}.{number}/24", "dev", "eth0")

    @property
    def address(self) -> str:
        return f"{NETWORK}.1:{PORT}"

    @property
    def environment(self) -> dict[str, str]:
        way_in = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN_PATH": str(self._token), "RAY_USAGE_STATS_ENABLED": "0"}
        return os.environ | way_in | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "HOME": str(self._folder)}

    def on(self, host: str, *words: str) -> list[str]:
        """The command that runs these words on a host, which sees its own processes only and ends with them."""
        inside = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"]
        return ["ip", "netns", "exec", f"wl-{host}", *inside, sys.executable, *words]

    def start_ray(self, host: str, cpus: int) -> None:
        number = HOSTS.index(host) + 1
        role = (
            ["--head", f"--port={PORT}", "--include-dashboard=false"] if host == "head" else ["--address", self.address]
        )
        words = ["-m", "ray.scripts.scripts", "start", *role, "--block", f"--node-ip-address={NETWORK}.{number}"]
        words += [f"--num-cpus={cpus}", f"--temp-dir={self._folder}/{host}", f"--object-store-memory={80 * 2**20}"]
        log = (self._folder / f"{host}.log").open("wb")
        with log:
            self._running.append(subprocess.Popen(self.on(host, *words), env=self.environment, stdout=log, stderr=log))

    def until_up(self, host: str) -> None:
        deadline = time.monotonic() + 120
        log = self._folder / f"{host}.log"
        while b"Ray runtime started" not in log.read_bytes():
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.5)

    def unplug(self, host: str) -> None:
        ip("-n", SWITCH, "link", "set", host, "down")

    def plug(self, host: str) -> None:
        ip("-n", SWITCH, "link", "set", host, "up")

    def end(self) -> None:
        for process in self._running:
            process.kill()
            process.wait(timeout=30)
        self._clear()

    def _clear(self) -> None:
        """Also of what a run that was killed has left."""
        for space in (*(f"wl-{host}" for host in HOSTS), SWITCH):
            ip("netns", "delete", space, check=False)


@pytest.fixture
def hosts() -> Iterator[Hosts]:
    """A head without a core and two workers with one each, all up."""
    folder = Path(tempfile.mkdtemp(prefix="wp-", dir="/tmp"))
    hosts = Hosts(folder)
    try:
        hosts.start_ray("head", 0)
        hosts.until_up("head")
        for worker in ("one", "two"):
            hosts.start_ray(worker, 1)
            hosts.until_up(worker)
        yield hosts
    finally:
        hosts.end()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def start(hosts: Hosts, tmp_path: Path) -> Iterator[Callable[..., Sweep]]:
    """Start a sweep at the desk."""
    started: list[Sweep] = []

    def start() -> Sweep:
        study = tmp_path / "small.py"
        study.write_text(STUDY.replace("STEPS", "300"))
        words = ["sweep", str(study), "--runs", str(tmp_path / "runs"), "--no-mirror", "--yes", "--ray", hosts.address]
        command = hosts.on("desk", "-c", "from suite.cli.main import main; main()", *words)
        process = subprocess.Popen(
            command,
            cwd=tmp_path,
            env=hosts.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(Sweep(study, tmp_path / "runs", ROOT, process))
        return started[-1]

    yield start
    for sweep in started:
        sweep.process.send_signal(signal.SIGKILL)
        sweep.process.communicate()


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    file = tmp_path_factory.mktemp("undisturbed") / "small.py"
    file.write_text(STUDY.replace("STEPS", "300"))
    return {trial.id: train(trial).result.digest for trial in trials(load(str(file))[1])}


@pytest.mark.parametrize("seconds", [4.0, 90.0], ids=["for a moment", "until Ray gives it up"])
def test_a_worker_behind_a_pulled_cable_costs_nobody_anything(
    hosts: Hosts, start: Callable[[], Sweep], undisturbed: dict[str, str], seconds: float
) -> None:
    sweep = start()
    sweep.until(3)
    hosts.unplug("one")
    until = time.monotonic() + seconds
    while time.monotonic() < until and sweep.process.poll() is None:
        time.sleep(0.2)
    hosts.plug("one")
    code, said = sweep.end()
    assert code == 0, said
    assert digests(sweep) == undisturbed
    assert len(sweep.lines) == TRIALS


def test_a_command_that_is_cut_off_ends_and_resumes(
    hosts: Hosts, start: Callable[[], Sweep], undisturbed: dict[str, str]
) -> None:
    sweep = start()
    sweep.until(3)
    cut = time.monotonic()
    hosts.unplug("desk")
    code, said = sweep.end()
    assert code == 7, said
    assert time.monotonic() - cut < BOUND
    committed = digests(sweep)
    assert len(committed) >= 3
    hosts.plug("desk")
    again = start()
    code, said = again.end()
    assert code == 0, said
    assert digests(again) == undisturbed
    assert digests(again).items() >= committed.items()
