"""What a trial is given, and where: no Ray is started here."""

from collections.abc import Callable

import pytest
import typer

from suite.cli.cluster import place, said_again
from suite.cluster.connection import environment, find, is_at
from suite.cluster.difference import difference
from suite.cluster.node import made_of
from suite.cluster.preflight import Node, with_room
from suite.cluster.refused import Refused
from suite.dispatcher import Dispatcher
from suite.protocol import Place
from tests.test_dispatcher import dispatcher, taken
from tests.test_numerics import UNSEEN


@pytest.mark.parametrize(
    ("cpus", "gpus", "asked", "room"),
    [
        (8, 0, Place(), 8),
        (8, 0, Place(cpus=3), 2),
        (8, 0, Place(cpus=0.5), 16),
        (8, 2, Place(gpus=0.25), 8),
        (16, 2, Place(gpus=0.1), 16),
        (64, 2, Place(gpus=0.1), 20),
        (64, 2, Place(gpus=0.3), 6),
        (64, 4, Place(gpus=2), 2),
        (64, 1, Place(gpus=2), 0),
        (0, 0, Place(), 0),
    ],
)
def test_a_node_has_room_for_whole_trials_and_shares_of_one_accelerator(
    cpus: float, gpus: float, asked: Place, room: int
) -> None:
    assert Node("id", "here", cpus, gpus).room(asked) == room


def test_where_nothing_has_room_all_that_is_there_is_named() -> None:
    nodes = [Node("1", "alice", 4, 0), Node("2", "bob", 0, 1)]
    with pytest.raises(Refused, match=r"a trial of 1 CPU and 1 GPU: alice has 4 CPU; bob has 0 CPU and 1 GPU"):
        with_room(nodes, Place(gpus=1))
    with pytest.raises(Refused, match="there is none"):
        with_room([], Place())


def test_a_trial_without_an_accelerator_sees_none_and_has_one_thread() -> None:
    assert environment(Place())["CUDA_VISIBLE_DEVICES"] == ""
    assert environment(Place())["RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO"] == "0"
    assert "CUDA_VISIBLE_DEVICES" not in environment(Place(gpus=0.5)), "Ray says which one"
    assert environment(Place(gpus=0.5))["OMP_NUM_THREADS"] == "1"


def test_a_node_has_nothing_in_its_environment_that_changes_bits_unseen(python: Callable[..., str]) -> None:
    code = "from suite.cluster.node import made_of; made_of(); import os; print(*sorted(os.environ))"
    names = python(code, **UNSEEN, MKL_NUM_THREADS="1").split()
    assert not UNSEEN.keys() & set(names)
    assert "MKL_NUM_THREADS" in names


def test_two_machines_that_are_alike_do_not_differ_and_others_are_both_named() -> None:
    made = made_of()
    assert {"Python", "source", "ray", "torch", "numerics cpu"} <= made.keys()
    assert difference("here", made, "there", dict(made)) is None
    other = made | {"torch": "1.0"}
    assert difference("here", made, "there", other) == f"here and there differ: torch is {made['torch']} and 1.0"


def test_the_head_is_found_by_any_of_its_names(monkeypatch: pytest.MonkeyPatch) -> None:
    assert is_at("127.0.0.1:6379", "localhost:6379")
    assert not is_at("127.0.0.1:6379", "127.0.0.1:6380")
    assert not is_at("192.0.2.200:6379", "192.0.2.201:6379")
    monkeypatch.setenv("RAY_ADDRESS", "head:6379")
    assert find("auto") == "head:6379"
    assert find("other:1") == "other:1"


@pytest.mark.parametrize(
    "ray", ["ray://head:10001", "http://head:8265", "head", "head:", "head:0", "head:x", ":6379", ""]
)
def test_what_is_no_address_is_refused_at_once(ray: str) -> None:
    with pytest.raises(typer.BadParameter, match="HOST:PORT"):
        place(ray, 1.0, 0.0)


def test_above_one_only_whole_ones_are_given() -> None:
    with pytest.raises(typer.BadParameter, match="whole"):
        place("local", 1.5, 0.0)
    with pytest.raises(typer.BadParameter, match="whole"):
        place("local", 1.0, 2.5)


def test_the_same_command_names_the_same_place() -> None:
    assert said_again(place("local", 1.0, 0.0)) == []
    options = ["--ray", "[::1]:6379", "--cpus-per-trial", "2", "--gpus-per-trial", "0.25"]
    assert said_again(place("[::1]:6379", 2.0, 0.25)) == options


def lost_with_its_node(one: Dispatcher) -> str | None:
    bundle = taken(one)
    one.heard(bundle, f"started {bundle.open[0].trial.id} 7")
    return one.lost(bundle, with_node=True)


def test_a_trial_whose_node_is_lost_is_charged_by_a_longer_account() -> None:
    one = dispatcher(1)
    assert [lost_with_its_node(one) for _ in range(2)] == [None, None]
    said = lost_with_its_node(one)
    assert said is not None
    assert said.startswith("crashed ")


def test_what_had_not_begun_on_a_lost_node_is_not_charged() -> None:
    one = dispatcher(40)
    bundle = taken(one)
    asked = [job.trial.id for job in bundle.open]
    assert one.lost(bundle, with_node=True) is None
    assert [job.trial.id for job in one.waiting][: len(asked)] == asked
    assert not one.alone
    assert not one.nodes
