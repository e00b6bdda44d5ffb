"""Trials that a group of two processes trains: what Ray is asked for, and what comes of what its processes say."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from ray.train import WorkerGroupError

from suite.cluster import group
from suite.cluster.group import Conditions, Meeting, trainer
from suite.cluster.preflight import Node, share_of, slots, with_room
from suite.cluster.refused import Refused
from suite.parallel import Failed, PeerLost
from suite.protocol import Place
from suite.record import Record, Result
from suite.trial import Trial


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
