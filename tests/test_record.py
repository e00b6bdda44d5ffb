"""A record survives its JSON line, and its digest covers every bit of the result."""

import json

import pytest

from suite.record import Cost, Point, Provenance, Record, Result
from suite.trial import Trial


def record(**changes: object) -> Record:
    fields = {
        "trial": Trial(task="image/digits", architecture="mlp").moved({"norm": "rms", "rate": 3e-3}),
        "metric": "accuracy",
        "chance": 0.1,
        "result": Result(
            outcome="finished",
            steps=20,
            valid=0.5,
            test=0.1 + 0.2,
            curve=(Point(step=10, loss=2.0, valid=0.25), Point(step=20, loss=1 / 3, valid=0.5)),
            weights="abc",
        ),
        "cost": Cost(parameters=10, flops=100, seconds=0.5, peak_memory_mb=99.0),
        "provenance": Provenance(source="s", data="d", numerics={"torch": "2"}, libraries={"torch": "2"}),
    }
    return Record(**(fields | changes))  # type: ignore[arg-type]


def test_it_survives_json() -> None:
    ours = record()
    line = ours.to_json()
    assert "\n" not in line
    assert json.loads(line)["id"] == ours.id == ours.trial.id
    assert Record.from_json(line) == ours
    assert Record.from_json(line.encode()).to_json() == line
    assert Record.from_json(line).result.digest == ours.result.digest


@pytest.mark.parametrize(
    "change",
    [
        {"test": 0.3},
        {"valid": 0.5000000000000001},
        {"weights": "abd"},
        {"steps": 21},
        {"outcome": "diverged"},
        {"message": "x"},
        {"curve": ()},
        {"curve": (Point(step=10, loss=2.0, valid=0.25), Point(step=20, loss=1 / 3 + 1e-16, valid=0.5))},
    ],
)
def test_the_digest_covers_every_bit_of_the_result(change: dict[str, object]) -> None:
    result = record().result
    assert result.model_copy(update=change).digest != result.digest


def test_the_digest_is_blind_to_cost_and_origin() -> None:
    ours = record(cost=Cost(seconds=9), provenance=Provenance(source="t", data="d", numerics={}, libraries={}))
    assert ours.result.digest == record().result.digest


def test_what_answers_is_code_data_numerics_and_libraries() -> None:
    ours = record().provenance
    known = record().answered_by
    for change in ({"source": "t"}, {"data": "e"}, {"numerics": {"torch": "3"}}, {"libraries": {"numpy": "9"}}):
        assert record(provenance=ours.model_copy(update=change)).answered_by != known
    for change in ({"lock": "l"}, {"commit": "c"}, {"host": "h"}, {"python": "3"}, {"dirty": True}):
        assert record(provenance=ours.model_copy(update=change)).answered_by == known


def test_what_moved_is_named_with_both_sides() -> None:
    ours = record().provenance
    assert ours.moved(ours) == ()
    now = ours.model_copy(update={"data": "e", "numerics": {"torch": "2", "cpu": "AVX2"}, "commit": "c"})
    assert ours.moved(now) == (("data", "d", "e"), ("numerics", "cpu none", "cpu AVX2"))


@pytest.mark.parametrize("line", ["", "{}", "[]", "null", '{"id":"x"}', "\x00"])
def test_anything_else_is_refused(line: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - pydantic words it
        Record.from_json(line)


def test_a_newer_record_can_be_read() -> None:
    fields = json.loads(record().to_json()) | {"invented_later": 1}
    assert Record.from_json(json.dumps(fields)) == record()
