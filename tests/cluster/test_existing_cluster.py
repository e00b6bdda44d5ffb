"""Sweeps on a cluster that is there already: a head without a core, and nodes with one each."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from suite.arms import trials
from suite.cluster.node import PREFIX
from suite.study_file import load
from suite.train import train
from tests.cluster.conftest import Cluster, Start
from tests.test_sweep import STUDY, TRIALS, digests, family, left_over


@pytest.fixture(scope="module")
def cluster(new_cluster: Callable[[], Cluster]) -> Cluster:
    cluster = new_cluster()
    for cpus in (0, 1, 1):
        cluster.add(cpus)
    return cluster


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What every trial gives when it is trained here, with no Ray at all."""
    file = tmp_path_factory.mktemp("undisturbed") / "small.py"
    file.write_text(STUDY.replace("STEPS", "30"))
    return {trial.id: train(trial).result.digest for trial in trials(load(str(file))[1])}


def left_on_nodes() -> set[Path]:
    return set(Path(tempfile.gettempdir()).glob(f"{PREFIX}*"))


def test_a_sweep_on_two_nodes_gives_the_bits_of_training_alone_and_leaves_the_cluster_as_it_was(
    start: Start, cluster: Cluster, undisturbed: dict[str, str]
) -> None:
    before = left_on_nodes()
    sweep = start(cluster)
    sweep.until(1)
    ours = family(sweep)
    code, said = sweep.end()
    assert code == 0, said
    assert "on 2 slots" in said
    assert digests(sweep) == undisturbed
    assert left_on_nodes() <= before
    assert not left_over(ours)
    again = start(cluster, "--json", ray="auto", RAY_ADDRESS=cluster.address)
    code, said = again.end()
    assert code == 0, said
    assert f"{TRIALS} of them cached" in said


@pytest.mark.parametrize(
    ("options", "asked"), [(["--cpus-per-trial", "2"], "2 CPU"), (["--gpus-per-trial", "0.5"], "1 CPU and 0.5 GPU")]
)
def test_what_no_node_has_room_for_is_refused_and_what_is_there_is_named(
    start: Start, cluster: Cluster, options: list[str], asked: str
) -> None:
    sweep = start(cluster, *options)
    code, said = sweep.end()
    assert code == 7
    assert f"no node has room for a trial of {asked}: " in said
    assert said.count("has 1 CPU") == 2
    assert not sweep.lines


def test_nobody_at_the_address_is_said_at_once(start: Start, cluster: Cluster) -> None:
    code, said = start(cluster, ray="127.0.0.1:9").end()
    assert code == 7
    assert "no Ray answers at 127.0.0.1:9" in said


def test_a_wrong_token_is_refused(start: Start, cluster: Cluster, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("0" * 64)
    sweep = start(cluster, RAY_AUTH_TOKEN_PATH=str(wrong))
    code, said = sweep.end()
    assert code == 7, said
    assert not sweep.lines


def test_a_node_that_dies_costs_nobody_anything(start: Start, cluster: Cluster, undisturbed: dict[str, str]) -> None:
    lost = cluster.add(1)
    sweep = start(cluster)
    sweep.until(3)
    lost.kill()
    code, said = sweep.end()
    assert code == 0, said
    assert digests(sweep) == undisturbed
    assert len(sweep.lines) == TRIALS


def test_a_mixed_cluster_is_refused_and_both_are_named(start: Start, cluster: Cluster) -> None:
    """A node whose torch is told to use other instructions, as an older processor would."""
    other = cluster.add(1, ATEN_CPU_CAPABILITY="default")
    try:
        sweep = start(cluster)
        code, said = sweep.end()
    finally:
        other.kill()
        psutil.wait_procs([other], timeout=10)
    assert code == 7
    assert "the cluster is mixed: this machine, " in said
    assert "numerics cpu is" in said
    assert not sweep.lines
