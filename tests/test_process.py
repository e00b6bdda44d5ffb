"""No process of ours outlives us, even one whose parent is gone."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

FAMILY = """
import subprocess, sys, time
from suite.process import adopt_orphans, end_descendants
adopt_orphans()
child = "from subprocess import *; print(Popen(['sleep', '60'], stdout=DEVNULL, stderr=DEVNULL).pid, flush=True)"
orphan = int(subprocess.run([sys.executable, "-c", child], capture_output=True, text=True).stdout)
spared = subprocess.Popen(["sleep", "60"])
print(end_descendants(spare=spared.pid), orphan, spared.pid, spared.poll())
spared.kill()
"""


def test_orphans_are_ended_too_and_the_spared_is_not(python: Callable[..., str]) -> None:
    left, orphan, spared, ended = python(FAMILY).split()
    assert (left, ended) == ("0", "None")
    assert not psutil.pid_exists(int(orphan)) or psutil.Process(int(orphan)).status() == psutil.STATUS_ZOMBIE
    assert orphan != spared


def test_a_stopped_process_is_ended(python: Callable[..., str]) -> None:
    code = """
import os, signal, subprocess
from suite.process import end_descendants
child = subprocess.Popen(["sleep", "60"])
os.kill(child.pid, signal.SIGSTOP)
print(end_descendants())
"""
    assert python(code) == "0\n"


def test_nothing_to_end_is_fine() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from suite.process import end_descendants; print(end_descendants())"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "0\n"


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel tells children of their parent's end on Linux only")
def test_a_child_that_hears_nothing_does_not_outlive_its_parent(tmp_path: Path) -> None:
    """It is killed while it is stopped."""
    (tmp_path / "sleeper.py").write_text("import time; print('up', flush=True); time.sleep(60)")
    code = """
import os, signal, subprocess
from suite.child import command
child = subprocess.Popen(command("sleeper"), stdout=subprocess.PIPE, text=True)
assert child.stdout.readline() == "up\\n"
os.kill(child.pid, signal.SIGSTOP)
print(child.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])}
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    until = time.monotonic() + 5.0
    while psutil.pid_exists(int(done.stdout)) and psutil.Process(int(done.stdout)).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < until
        time.sleep(0.02)
