"""No process of ours outlives us, even one whose parent is gone."""

import subprocess
import sys
from collections.abc import Callable

import psutil

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
