"""The head of a cluster is lost: a bounded wait, one try to find it again, and the same command resumes.

Takes minutes, most of them waiting for Ray's own deadlines: make cluster-test
"""

import time
from collections.abc import Callable

import psutil
import pytest

from tests.cluster.conftest import Cluster, Start
from tests.test_sweep import TRIALS, digests, family, left_over, status_of

BOUND = 120.0  # seconds from the loss to the end of the sweep
LONG = 1500  # steps of a trial, so that most are still to come when the head is gone


@pytest.mark.parametrize("how", ["kill", "suspend"])
def test_without_its_head_a_sweep_ends_and_resumes_on_another_cluster(
    start: Start, new_cluster: Callable[[], Cluster], how: str
) -> None:
    cluster = new_cluster()
    for cpus in (0, 1, 1):
        cluster.add(cpus)
    directory = cluster.directory
    sweep = start(cluster, steps=LONG)
    sweep.until(3)
    ours = family(sweep)
    lost = time.monotonic()
    getattr(directory, how)()
    code, said = sweep.end()
    assert code == 7, said
    assert time.monotonic() - lost < BOUND
    assert not left_over(ours)
    assert status_of(sweep).state == "stopped"
    committed = digests(sweep)
    assert 3 <= len(committed) < TRIALS
    if how == "suspend":
        directory.resume()
        psutil.wait_procs([directory], timeout=1)
    second = new_cluster()
    for cpus in (0, 1):
        second.add(cpus)
    again = start(second, steps=LONG)
    code, said = again.end()
    assert code == 0, said
    assert digests(again).items() >= committed.items()
    assert len(again.lines) == TRIALS


def test_without_any_node_that_has_room_a_sweep_ends(start: Start, new_cluster: Callable[[], Cluster]) -> None:
    cluster = new_cluster()
    cluster.add(0)
    worker = cluster.add(1)
    sweep = start(cluster, steps=300)
    sweep.until(2)
    lost = time.monotonic()
    worker.kill()
    code, said = sweep.end()
    assert code == 7, said
    assert "no node has room for a trial of 1 CPU" in said
    assert time.monotonic() - lost < 2 * BOUND
    assert len(sweep.records) >= 2


def test_a_node_that_joins_takes_its_share(start: Start, new_cluster: Callable[[], Cluster]) -> None:
    cluster = new_cluster()
    for cpus in (0, 1):
        cluster.add(cpus)
    sweep = start(cluster, steps=300)
    sweep.until(1)
    assert status_of(sweep).slots == 1
    cluster.add(1)
    deadline = time.monotonic() + 30
    while status_of(sweep).slots != 2:
        assert time.monotonic() < deadline
        time.sleep(0.2)
    assert sweep.end()[0] == 0
