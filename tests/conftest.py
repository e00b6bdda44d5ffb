"""What all tests share: one thread, the same random examples, a copy of the product to play with, and its command."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

os.environ |= {  # for processes that tests start, too
    "OMP_NUM_THREADS": "1",  # read by torch when it is first imported
    "RAY_worker_niceness": "0",  # else workers wait for whatever other tests run, until deadlines pass
}
settings.register_profile("wonderland", derandomize=True, deadline=None, database=None)
settings.load_profile("wonderland")

ROOT = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def same_random_numbers() -> None:
    """What a test draws from torch does not depend on the tests before it."""
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(0)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A folder with a copy of suite, tasks and ablations that a test may change."""
    for package in ("suite", "tasks", "ablations"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


@pytest.fixture
def python() -> Callable[..., str]:
    """Run code in a fresh process, with `path` as the place of the product; returns what it prints."""

    def run(code: str, *, path: Path = ROOT, **variables: str) -> str:
        environment = os.environ | {"PYTHONPATH": str(path), "PYTHONDONTWRITEBYTECODE": "1"} | variables
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=path, env=environment, capture_output=True, text=True, timeout=560
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


@pytest.fixture
def wonderland(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the command in an empty folder and a process of its own, with the product or a copy of it."""

    def run(*words: str, product: Path = ROOT) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-P", "-c", "from suite.cli.main import main; main()", *words],
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(product)},
            capture_output=True,
            text=True,
            timeout=560,
        )

    return run
