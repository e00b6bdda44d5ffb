"""Trials that a group of two processes trains: real sweeps over Ray Train, and what Ray is asked for."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from ray.train import WorkerGroupError

from suite.cluster import group
from suite.cluster.group import Conditions, Meeting, trainer
from suite.cluster.preflight import Node, share_of, slots, with_room
from suite.cluster.refused import Refused
from suite.parallel import Failed, PeerLost
from suite.plan import workload
from suite.protocol import Place
from suite.record import Record, Result
from suite.reproduction.reproduce import reproduce
from suite.study_file import load
from suite.trial import Trial
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


@pytest.fixture
def ending(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[[dict[int, Exception]], list[str]]]:
    """What is said of a trial whose processes have ended so, by rank."""
    place, how = Place(processes=2), Conditions("parallel-2", 0.0, 60.0, "", str(tmp_path))

    class Ended:
        def __init__(self, failures: dict[int, Exception]) -> None:
            self.failures = failures

        def fit(self) -> None:
            raise WorkerGroupError("they ended", self.failures)

    def said(failures: dict[int, Exception]) -> list[str]:
        monkeypatch.setattr(group, "trainer", lambda *_: Ended(failures))
        return list(group.work([ASKED.model_dump_json()], place, how))

    for name, value in (group.QUIET | group.LOOK).items():
        monkeypatch.setenv(name, value)
    before = signal.getsignal(signal.SIGALRM)
    yield said
    signal.signal(signal.SIGALRM, before)


ASKED = Trial(task="image/digits", architecture="mlp")
GONE = ConnectionResetError("the process is gone")


def test_what_one_process_raises_in_training_is_the_record(ending: Callable[[dict[int, Exception]], list[str]]) -> None:
    """Also if another one says that it has lost its peers meanwhile."""
    raised = Failed(Result(outcome="out_of_memory", steps=0, message="too large").model_dump_json())
    began, line = ending({0: PeerLost("closed"), 1: raised})
    assert began == f"started {ASKED.id} {os.getpid()}"
    record = Record.from_json(line.removeprefix("record "))
    assert (record.id, record.outcome, record.result.message) == (ASKED.id, "out_of_memory", "too large")
    assert record.provenance.execution == "parallel-2"


def test_a_lost_process_is_no_answer(ending: Callable[[dict[int, Exception]], list[str]]) -> None:
    """The engine then charges the trial as one that has taken its worker along. No alarm is left behind."""
    with pytest.raises(RuntimeError, match="the group has lost a process"):
        ending({0: PeerLost("closed"), 1: GONE})
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_a_node_that_is_made_of_something_else_is_refused(ending: Callable[[dict[int, Exception]], list[str]]) -> None:
    assert ending({0: GONE, 1: group.Mixed("torch is 1 and 2")})[1:] == ["refused torch is 1 and 2"]


# What Ray is asked for


def asked(place: Place, folder: Path) -> tuple[dict[str, float], bool, str, bool]:
    """What Ray keeps in all, whether processes see accelerators, how they talk, and whether they meet in a file."""
    made = trainer({}, place, Conditions(place.execution, place.gpus, 60.0, "", str(folder)))
    scaling, connection = made.scaling_config, made.backend_config
    return scaling.total_resources, scaling.use_gpu, connection.backend, isinstance(connection, Meeting)


def test_each_process_of_a_group_has_its_share(tmp_path: Path) -> None:
    """Processes that share an accelerator talk by gloo, because nccl takes no two on one; without one they see none."""
    two = Place(processes=2, cpus=3)
    assert asked(two, tmp_path) == ({"CPU": 6.0}, False, "gloo", True)
    assert asked(two.model_copy(update={"gpus": 0.5}), tmp_path) == ({"CPU": 6.0, "GPU": 1.0}, True, "gloo", True)
    assert asked(two.model_copy(update={"gpus": 1.0}), tmp_path) == ({"CPU": 6.0, "GPU": 2.0}, True, "nccl", True)
    assert asked(two.model_copy(update={"ray": "head:6379"}), tmp_path)[3] is False


def test_a_group_is_retried_by_nobody_but_us(tmp_path: Path) -> None:
    made = trainer({}, Place(processes=2), Conditions("parallel-2", 0.0, 60.0, "", str(tmp_path)))
    assert made.run_config.failure_config.max_failures == 0


def test_a_trial_alone_has_a_share_and_one_that_waits_for_a_group_has_none() -> None:
    assert share_of(Place(cpus=2, gpus=0.25)) == {"num_cpus": 2.0, "num_gpus": 0.25}
    assert share_of(Place(processes=2, cpus=2, gpus=0.25)) == {"num_cpus": 0.0}


def test_a_group_may_lie_on_several_nodes_but_must_have_room() -> None:
    nodes = [Node("1", "alice", 3, 0), Node("2", "bob", 1, 0)]
    assert slots(nodes, Place(processes=2)) == 2
    assert slots(nodes, Place(processes=4)) == 1
    assert len(with_room(nodes, Place(processes=4))) == 2
    with pytest.raises(Refused, match="no room for a trial of 5 processes, each with 1 CPU: alice has 3 CPU; bob has"):
        with_room(nodes, Place(processes=5))
