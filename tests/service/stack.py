"""The service brought up for a test: folder, secrets, ports and containers of its own, and what can be done to them."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
UP = 1800  # seconds for the service to come up on a machine that has other things to do
SWEEP = 1800


@dataclass
class Stack:
    """A running copy of the service in `folder`. Its name keeps it apart from others on the machine."""

    folder: Path
    name: str = field(default_factory=lambda: f"wl-test-{os.getpid()}")
    workers: int = 2
    ports: dict[str, int] = field(default_factory=dict)

    def prepare(self) -> None:
        """What somebody who deploys it has: the compose file and what it mounts, secrets, and ports that are free."""
        shutil.copy(ROOT / "docker-compose.yml", self.folder)
        shutil.copytree(ROOT / "deploy" / "compose", self.folder / "deploy" / "compose")
        (self.folder / "ablations").mkdir()
        self.ports = {f"WONDERLAND_{part}_PORT": _free_port() for part in ("MLFLOW", "DASHBOARD")}
        (self.folder / ".env").write_text("".join(f"{name}={port}\n" for name, port in self.ports.items()))
        wonderland("service", "init", "--dir", str(self.folder))

    def up(self, *more: str) -> None:
        self.compose("up", "--detach", "--scale", f"worker={self.workers}", *more, timeout=UP)
        self.wait_until_well()

    def down(self, *more: str) -> None:
        self.compose("down", "--timeout", "30", *more)

    def compose(self, *words: str, timeout: float = 600, check: bool = True) -> subprocess.CompletedProcess[str]:
        return run([*_compose(), "--project-name", self.name, *words], self.folder, timeout, check=check)

    def sweep(self, *words: str) -> subprocess.Popen[str]:
        """A sweep in the one-shot container, in the background; what it says is one text."""
        command = [*_compose(), "--project-name", self.name, "run", "--rm", "-T", "sweep", *words]
        return subprocess.Popen(
            command,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def wonderland(self, *words: str, check: bool = True) -> str:
        """What a verb says, in a container of its own beside the service."""
        return self.compose("run", "--rm", "-T", "wonderland", *words, timeout=900, check=check).stdout

    def containers(self, service: str) -> list[str]:
        listed = docker(
            "ps", "--all", "--quiet", f"--filter=label=com.docker.compose.project={self.name}",
            f"--filter=label=com.docker.compose.service={service}",
        )  # fmt: skip
        return listed.split()

    def kill(self, service: str) -> None:
        """End a container as a crash would, so that Docker starts it again; `docker kill` would count as our wish."""
        container = self.containers(service)[0]
        os.kill(int(docker("inspect", "--format={{.State.Pid}}", container)), signal.SIGKILL)

    def wait_until_well(self, *services: str, within: float = UP) -> None:
        for service in services or ("postgres", "mlflow", "ray-head", "worker", "dashboard"):
            wait(lambda service=service: self._is_well(service), f"{service} is well", within)  # type: ignore[misc]

    def _is_well(self, service: str) -> bool:
        found = self.containers(service)
        return bool(found) and all(
            docker("inspect", "--format={{.State.Health.Status}}", c) == "healthy" for c in found
        )

    def logs(self) -> str:
        return self.compose("logs", "--no-color", timeout=120, check=False).stdout


def wonderland(*words: str) -> str:
    return run([str(Path(sys.executable).with_name("wonderland")), *words], ROOT, 60).stdout


def docker(*words: str) -> str:
    return run(["docker", *words], ROOT, 120).stdout.strip()


def run(command: list[str], folder: Path, timeout: float, *, check: bool = True) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(command, cwd=folder, timeout=timeout, check=False, text=True, capture_output=True)
    assert not check or done.returncode == 0, f"{' '.join(command)}: {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done


def wait(until: Callable[[], bool], what: str, within: float) -> None:
    last = time.monotonic() + within
    while not until():
        assert time.monotonic() < last, f"{what}: not within {within:g} s"
        time.sleep(2.0)


def _compose() -> list[str]:
    """Compose as the client's plug-in, or as the older program of its own."""
    plugin = subprocess.run(["docker", "compose", "version"], capture_output=True, timeout=30).returncode == 0
    return ["docker", "compose"] if plugin else ["docker-compose"]


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
