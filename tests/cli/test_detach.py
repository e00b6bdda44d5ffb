"""A sweep in the background: it outlives the command that began it, and is followed and stopped from anywhere."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from suite import ledger
from suite.store import Store
from tests.conftest import ROOT

Command = Callable[..., CompletedProcess[str]]

STUDY = """
from suite.study import Study
STUDY = Study(question="?", tasks=("tabular/wine",), architectures=("mlp",),
              factors={"norm": ("none", "layer")}, baseline={"steps": STEPS, "width": 4, "depth": 1}, seeds=2)
"""
BEGIN = ("sweep", "mine.py", "--no-mirror", "--detach")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    (tmp_path / "mine.py").write_text(STUDY.replace("STEPS", "20"))
    return Store(tmp_path / "runs")


# The command in a process of its own, not that of tests/cli/conftest.py, because it must end while the sweep goes on.
@pytest.fixture
def command(tmp_path: Path) -> Command:
    def run(*words: str) -> CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "suite.cli", *words],
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=560,
        )

    return run


def test_it_goes_on_alone_and_is_waited_for(command: Command, store: Store) -> None:
    begun = command(*BEGIN)
    assert begun.returncode == 0, begun.stderr
    assert "4 new, 0 cached" in begun.stderr
    assert f"what it says is in {Path('runs/mine/sweep.log')}" in begun.stdout
    assert "wonderland status mine --wait" in begun.stderr
    assert "wonderland stop mine" in begun.stderr
    waited = command("status", "mine", "--wait")
    assert waited.returncode == 0, waited.stderr
    assert len(store.records("mine")) == 4
    until = time.monotonic() + 30
    while "done in" not in (store.folder("mine") / "sweep.log").read_text():  # the status says so a moment before
        assert time.monotonic() < until
        time.sleep(0.1)
    again = json.loads(command(*BEGIN, "--json").stdout)
    assert (again["study"], again["log"]) == ("mine", "runs/mine/sweep.log")


def test_it_is_stopped_and_loses_nothing(command: Command, store: Store, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(STUDY.replace("STEPS", "500000"))
    assert command(*BEGIN).returncode == 0
    stopped = command("stop", "mine", "--now")
    assert stopped.returncode == 0, stopped.stderr
    assert f"wonderland sweep {tmp_path / 'mine.py'}" in stopped.stderr
    assert ledger.read(store.folder("mine")).damaged == ()


def test_what_the_sweep_refuses_is_said_here_with_its_code(command: Command, store: Store) -> None:
    with ledger.owned(store.folder("mine")):
        begun = command(*BEGIN)
    assert begun.returncode == 5
    assert "wonderland: " in begun.stderr
    assert command("sweep", "nothing", "--detach").returncode == 2
    assert not store.folder("nothing").exists()
