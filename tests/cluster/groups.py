"""Trials that a group of two processes trains, swept over Ray Train; one is killed, one hears Ctrl-C.

Takes minutes: make cluster-test. The page on studies runs a shorter one.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from suite.plan import workload
from suite.reproduction.reproduce import reproduce
from suite.study_file import load
from tests.test_sweep import LONG, Sweep, left_over

STUDY = """
from suite.study import Study
STUDY = Study(question="?", tasks=("image/digits",), architectures=("mlp",), factors={"steps": STEPS},
              baseline={"width": 8, "depth": 1, "patch": 4}, seeds=1, resources={"processes": 2})
"""
ROOT = Path(__file__).parents[2]
MEMBER = "ray::RayTrainWorker"

Start = Callable[[tuple[int, ...]], Sweep]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a sweep of STUDY, a trial for each number of steps; whatever is left of it is ended with the test."""
    started: list[Sweep] = []

    def start(steps: tuple[int, ...]) -> Sweep:
        study = tmp_path / "large.py"
        study.write_text(STUDY.replace("STEPS", str(steps)))
        words = ["sweep", str(study), "--runs", str(tmp_path / "runs"), "--no-mirror", "--slots", "1", "--yes"]
        process = subprocess.Popen(
            [sys.executable, "-m", "suite.cli", *words],
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(ROOT), "HOME": str(tmp_path)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(Sweep(study, tmp_path / "runs", ROOT, process))
        return started[-1]

    yield start
    for sweep in started:
        sweep.process.kill()
        sweep.process.communicate()


def members(sweep: Sweep, *, other_than: frozenset[int] = frozenset()) -> list[psutil.Process]:
    """The two processes of the group that trains, as soon as they are connected."""
    folder = Path(next(word for word in sweep.child("suite.engine").cmdline() if "/wl-" in word))
    deadline = time.monotonic() + LONG
    while time.monotonic() < deadline:
        assert sweep.process.poll() is None, sweep.process.communicate()
        found = [p for p in psutil.Process(sweep.process.pid).children(recursive=True) if is_member(p)]
        found = [p for p in found if p.pid not in other_than]
        if len(found) == 2 and len(list(folder.glob("data/*.meeting"))) > len(other_than) // 2:
            time.sleep(2.0)
            return found
        time.sleep(0.1)
    raise AssertionError("no group")


def is_member(process: psutil.Process) -> bool:
    try:
        return any(MEMBER in word for word in process.cmdline())
    except psutil.Error:
        return False


def test_a_sweep_of_trials_in_groups_is_cached_and_reproduced(start: Start, tmp_path: Path) -> None:
    sweep = start((20,))
    members(sweep)
    listening = [
        connection.laddr.ip
        for process in psutil.Process(sweep.process.pid).children(recursive=True)
        for connection in process.net_connections(kind="inet")
        if connection.status == psutil.CONN_LISTEN
    ]
    assert set(listening) <= {"127.0.0.1", "::1", "::ffff:127.0.0.1"}
    code, said = sweep.end()
    assert code == 0, said
    (record,) = sweep.records
    assert (record.outcome, record.provenance.execution, record.result.steps) == ("finished", "parallel-2", 20)
    study = load(str(sweep.study))[1]
    work = workload(sweep.store, "large", study)
    assert [answer.id for answer in work.cached] == [record.id]
    assert work.todo == ()
    verdict = reproduce(record)
    assert verdict.kind == "bit-exact", verdict
    assert verdict.reason.endswith("trained by 2 processes again")


def test_a_trial_that_loses_a_process_of_its_group_is_tried_again_and_then_crashed(start: Start) -> None:
    """Its neighbour is trained all the same, and nobody is charged for it."""
    sweep = start((1_000_000, 20))
    first = members(sweep)
    first[0].kill()
    second = members(sweep, other_than=frozenset(p.pid for p in first))
    second[1].kill()
    code, said = sweep.end()
    assert code == 3, said
    outcomes = {record.trial.budget.steps: record for record in sweep.records}
    assert outcomes[20].outcome == "finished"
    assert (outcomes[1_000_000].outcome, outcomes[1_000_000].provenance.execution) == ("crashed", "parallel-2")


def test_ctrl_c_ends_a_group_and_leaves_nothing(start: Start) -> None:
    sweep = start((1_000_000,))
    members(sweep)
    processes = psutil.Process(sweep.process.pid).children(recursive=True)
    begun = time.monotonic()
    sweep.process.send_signal(signal.SIGINT)
    code, said = sweep.end()
    assert code == 130, said
    assert time.monotonic() - begun < 40
    assert not left_over(processes)
    assert sweep.records == ()


# What becomes of what a group raises
