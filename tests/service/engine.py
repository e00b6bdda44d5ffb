"""A Docker engine for the tests: the machine's own, or one that they start and end; and the images they need."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FOLDER = Path("/var/tmp/wonderland-service")  # images made once are there the next time
IMAGES = Path(__file__).with_name("images")
ROOT = Path(__file__).parents[2]


def missing() -> str:
    """Why the service cannot be tried here, or nothing."""
    if not os.environ.get("WONDERLAND_SERVICE"):
        return "takes half an hour, two images and a Docker engine: make service-test"
    if not shutil.which("docker") or not (shutil.which("docker-compose") or _answers("docker", "compose", "version")):
        return "Docker and compose are not installed (Debian: docker.io, docker-compose)"
    if not _answers("docker", "info") and not (os.getuid() == 0 and shutil.which("dockerd")):
        return "no Docker engine answers, and only root could start one"
    return ""


@contextmanager
def running() -> Iterator[None]:
    """A Docker engine: the one that answers, else one of ours, which ends with the tests."""
    if _answers("docker", "info"):
        yield
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "dockerd.log").open("wb") as log:
        daemon = subprocess.Popen(["dockerd", "--data-root", str(FOLDER / "docker")], stdout=log, stderr=log)
    try:
        last = time.monotonic() + 60
        while not _answers("docker", "info"):
            gone = daemon.poll() is not None or time.monotonic() > last
            assert not gone, (FOLDER / "dockerd.log").read_text()[-2000:]
            time.sleep(1.0)
        yield
    finally:
        daemon.terminate()
        daemon.wait(timeout=60)


def build() -> None:
    """The image as it would be made of this checkout. Public images that cannot be had are stood in for.

    WONDERLAND_PIP_CONF names pip's settings for the build, if it needs some.
    """
    subprocess.run(["sh", str(IMAGES / "make.sh"), str(FOLDER)], check=True, timeout=1200)
    secrets = ["--secret", "id=certificates,src=/etc/ssl/certs/ca-certificates.crt"]
    if settings := os.environ.get("WONDERLAND_PIP_CONF"):
        secrets += ["--secret", f"id=pip,src={settings}"]
    command = ["docker", "build", "--network", "host", *secrets, "--tag", "wonderland", "."]
    subprocess.run(command, cwd=ROOT, env=os.environ | {"DOCKER_BUILDKIT": "1"}, check=True, timeout=3600)


def _answers(*command: str) -> bool:
    try:
        return subprocess.run(command, capture_output=True, timeout=30, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False
