"""Clusters of several nodes on this machine, and sweeps on them."""

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from tests.test_sweep import STUDY, Sweep

Start = Callable[..., Sweep]


class Cluster:
    """Nodes of Ray on this machine, on its loopback address, which let in whoever has the token."""

    def __init__(self, folder: Path) -> None:
        self.token = folder / "token"
        self.token.touch(mode=0o600)
        self.token.write_text(secrets.token_hex(32))
        self.address = ""
        self._log = folder / "machine.log"
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.cluster.machine", str(folder)],
                cwd=Path(__file__).parents[2],
                env=os.environ | self.environment | {"OMP_NUM_THREADS": "1"},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )

    @property
    def environment(self) -> dict[str, str]:
        """The way in, on the loopback address, which Ray takes for another one unless told so."""
        token = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN_PATH": str(self.token)}
        return token | {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0", "RAY_USAGE_STATS_ENABLED": "0"}

    def add(self, cpus: int, **environment: str) -> psutil.Process:
        """A node with that environment; its raylet."""
        return self._told(" ".join(["add", str(cpus), *(f"{name}={value}" for name, value in environment.items())]))

    @property
    def directory(self) -> psutil.Process:
        """The head's directory of nodes, without which there is no cluster."""
        return self._told("gcs")

    def end(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=60)
        assert self._process.stdout is not None
        self._process.stdout.close()

    def _told(self, line: str) -> psutil.Process:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(line, file=self._process.stdin, flush=True)
        self.address, _, process = self._process.stdout.readline().rpartition(" ")
        assert process, self._log.read_text()[-2000:]
        return psutil.Process(int(process))


@pytest.fixture(scope="module")
def new_cluster() -> Iterator[Callable[[], Cluster]]:
    """A cluster without a node; it ends with the module's tests."""
    clusters: list[tuple[Cluster, str]] = []

    def new() -> Cluster:
        folder = tempfile.mkdtemp(prefix="wc-", dir="/tmp")  # sockets lie in it, whose path must be short
        clusters.append((Cluster(Path(folder)), folder))
        return clusters[-1][0]

    yield new
    for cluster, folder in clusters:
        cluster.end()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a sweep of STUDY on a cluster; whatever is left of it is ended with the test."""
    started: list[Sweep] = []

    def start(cluster: Cluster, *options: str, steps: int = 30, ray: str | None = None, **environment: str) -> Sweep:
        study = tmp_path / "small.py"
        study.write_text(STUDY.replace("STEPS", str(steps)))
        words = ["sweep", str(study), "--runs", str(tmp_path / "runs"), "--no-mirror", "--yes"]
        root = Path(__file__).parents[2]
        process = subprocess.Popen(
            [
                *(sys.executable, "-c", "from suite.cli.main import main; main()", *words),
                *("--ray", ray or cluster.address, *options),
            ],
            cwd=tmp_path,
            env=os.environ | cluster.environment | {"PYTHONPATH": str(root), "HOME": str(tmp_path)} | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(Sweep(study, tmp_path / "runs", root, process))
        return started[-1]

    yield start
    for sweep in started:
        sweep.process.kill()
        sweep.process.communicate()
