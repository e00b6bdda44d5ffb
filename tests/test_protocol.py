"""What a supervisor and its engine say to each other."""

import queue
import threading

import pytest

from suite.engine import _awaited
from suite.protocol import PAGE, Job, Order
from suite.trial import Trial


def order(jobs: int) -> Order:
    trial = Trial(task="tabular/wine", architecture="mlp")
    made = (Job(trial=trial.model_copy(update={"seed": seed}), seconds=0.1 * seed) for seed in range(jobs))
    return Order(jobs=tuple(made), deadline=600.0, checkpoints="kept", fused=2, suspects=1)


@pytest.mark.parametrize("jobs", [0, 1, PAGE, PAGE + 1, 3 * PAGE])
def test_an_order_is_heard_as_it_was_said_and_what_follows_is_left(jobs: int) -> None:
    said = list(order(jobs).lines())
    assert len(said) == 2 + -(-jobs // PAGE)
    assert max(map(len, said)) < 2000 * PAGE
    lines = iter([*said, "stop"])
    assert Order.heard(lines) == order(jobs)
    assert list(lines) == ["stop"]


@pytest.mark.parametrize("there", [0, 1, 2])
def test_an_order_that_is_cut_short_is_none(there: int) -> None:
    with pytest.raises(EOFError):
        Order.heard(iter(list(order(2).lines())[:there]))


def test_an_engine_that_reads_a_large_order_says_that_it_lives() -> None:
    orders: queue.Queue[Order] = queue.Queue()
    said = threading.Event()

    def read() -> None:
        said.wait(10.0)
        orders.put(order(1))

    def say(line: str) -> None:
        assert line == "alive"
        said.set()

    threading.Thread(target=read, daemon=True).start()
    assert _awaited(orders, say) == order(1)
    assert said.is_set()
