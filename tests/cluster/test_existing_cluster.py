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
from tests.test_sweep import STUDY, TRIALS, Sweep, digests, family, left_over

# A node that the head calls alive and to which nothing can be sent: it has just come, or just gone.
UNREACHED = """
from suite.cluster import preflight
from suite.cluster.connection import connect
from suite.cluster.refused import Refused
from suite.protocol import Place

connect(Place(ray="ADDRESS"), "/nowhere")  # the head's node is on this machine, so that nothing joins
real, place = preflight.living, Place()
ghost = preflight.Node("ab" * 28, "ghost", 1.0, 0.0)
looks = []

def living():
    looks.append(None)
    return (*real(), ghost) if len(looks) < 3 else real()

preflight.living = living
print('>', preflight.admit((*real(), ghost), place) == preflight.node.made_of(), len(looks) >= 3)
preflight.living, preflight.LOOK = lambda: (*real(), ghost), 3.0
try:
    preflight.admit((ghost,), place)
except Refused as why:
    print('>', why)
preflight.living = real
try:
    preflight.admit((ghost,), place)
except Refused as why:
    print('>', why)
"""


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


def on_nodes(sweep: Sweep) -> Path:
    """The folder that it makes on every node, here the same one; sweeps of tests beside this one have others."""
    engine = sweep.child("suite.engine").cmdline()
    folder = Path(engine[engine.index("suite.engine") + 2])
    return Path(tempfile.gettempdir()) / f"{PREFIX}{folder.name}"


def test_a_sweep_on_two_nodes_gives_the_bits_of_training_alone_and_leaves_the_cluster_as_it_was(
    start: Start, cluster: Cluster, undisturbed: dict[str, str]
) -> None:
    sweep = start(cluster)
    theirs = on_nodes(sweep)
    sweep.until(1)
    assert theirs.exists()
    ours = family(sweep)
    code, said = sweep.end()
    assert code == 0, said
    assert "on 2 slots" in said
    assert digests(sweep) == undisturbed
    assert not theirs.exists()
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


def test_a_node_that_dies_under_the_engine_itself_costs_nobody_anything(
    start: Start, new_cluster: Callable[[], Cluster], undisturbed: dict[str, str]
) -> None:
    """The engine is joined to a node of its machine, the first; until its loss is seen, Ray fails what is sent."""
    cluster = new_cluster()
    joined, *_ = [cluster.add(cpus) for cpus in (0, 1, 1)]
    sweep = start(cluster)
    sweep.until(3)
    joined.kill()
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


def test_a_node_that_nothing_can_be_sent_to_is_asked_again_as_long_as_it_lives(
    python: Callable[..., str], cluster: Cluster
) -> None:
    code = UNREACHED.replace("ADDRESS", cluster.address)
    said = python(code, **cluster.environment).splitlines()
    left_out, refused, none_left = [line[2:] for line in said if line.startswith("> ")]  # Ray says more
    assert left_out == "True True", "the others are taken once it is gone"
    assert refused.startswith("nothing can be sent to ghost: ")
    assert none_left == "no node has room for a trial of 1 CPU: there is none"
