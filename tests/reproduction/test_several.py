"""One verdict on many: equal bits, the tolerance, and two one-sided tests whose answers can be computed by hand."""

import pytest

from suite.record import Record
from suite.reproduction.several import Judged, summary
from suite.reproduction.verdict import Verdict, compare
from tests.records import record


def again(then: Record, difference: float, **provenance: object) -> Judged:
    """A pair of records whose test scores differ by so much, and what else differs in their provenance."""
    assert then.result.test is not None
    test = then.result.test + difference
    result = then.result.model_copy(update={"test": test, "weights": "f" * 16} if difference else {})
    now = then.model_copy(update={"result": result, "provenance": then.provenance.model_copy(update=provenance)})
    return then, compare(then, now)


OTHER = {"numerics": {"torch": "2", "cpu": "AVX2"}}


def test_all_the_same_bits() -> None:
    found = summary([again(record(seed), 0.0) for seed in range(3)])
    assert (found.kind, found.counts) == ("bit-exact", {"bit-exact": 3})


def test_within_the_tolerance_needs_no_test() -> None:
    found = summary([again(record(seed), 0.002, **OTHER) for seed in range(2)])
    assert (found.kind, found.counts) == ("equivalent", {"equivalent": 2})


def test_runs_that_scatter_around_nothing_are_equivalent_together() -> None:
    """Mean 0, standard deviation 0.0113 of 10 seeds: the 90% interval is 1.833 * 0.0113 / sqrt(10) = 0.0065 wide."""
    found = summary([again(record(seed), 0.0107 * (-1) ** seed, **OTHER) for seed in range(10)])
    assert (found.kind, found.counts) == ("equivalent", {"different": 10})
    assert "image/digits 0.00000 [-0.00654, +0.00654] (10 seeds)" in found.reason


def test_as_few_as_three_of_them_show_nothing() -> None:
    """2.920 * 0.0124 / sqrt(3) = 0.0208, which reaches beyond the tolerance of 0.01."""
    found = summary([again(record(seed), 0.0107 * (-1) ** seed, **OTHER) for seed in range(3)])
    assert found.kind == "different"
    assert "beyond 0.01 is possible" in found.reason


def test_a_shift_is_different_however_many_there_are() -> None:
    found = summary([again(record(seed), 0.03 + 0.001 * (-1) ** seed, **OTHER) for seed in range(20)])
    assert found.kind == "different"


def test_seeds_are_the_sample_and_not_runs() -> None:
    """Two settings of a seed that differ in opposite directions are one number, 0."""
    pairs = [
        again(record(seed, depth=depth), (0.02 + 0.0001 * seed) * (1 if depth == 2 else -1), **OTHER)
        for seed in range(3)
        for depth in (2, 8)
    ]
    assert summary(pairs).kind == "equivalent"


def test_two_tasks_cannot_make_up_for_each_other() -> None:
    pairs = [again(record(seed), 0.03 + 0.001 * seed, **OTHER) for seed in range(4)]
    for then, _ in list(pairs):
        moved = then.model_copy(update={"trial": then.trial.model_copy(update={"task": "tabular/wine"})})
        pairs.append(again(moved, -0.03 - 0.001 * then.trial.seed, **OTHER))
    found = summary(pairs)
    assert found.kind == "different"


@pytest.mark.parametrize("what", ["source", "data"])
def test_other_code_or_data_is_not_excused_by_a_test(what: str) -> None:
    pairs = [again(record(seed), 0.0107 * (-1) ** seed, **{what: "0" * 16}) for seed in range(20)]
    found = summary(pairs)
    assert found.kind == "different"
    assert found.reason.endswith(f"moved: {what}")


def test_a_run_that_ends_otherwise_is_different() -> None:
    pairs = [again(record(seed), 0.0, **OTHER) for seed in range(9)]
    then = record(9)
    now = record(9, outcome="diverged")
    now = now.model_copy(update={"provenance": then.provenance.model_copy(update=OTHER)})
    found = summary([*pairs, (then, compare(then, now))])
    assert found.kind == "different"
    assert "1 run ended otherwise" in found.reason


def test_what_cannot_be_trained_says_nothing_and_is_counted() -> None:
    lost = (record(5), Verdict("cannot", "no data"))
    found = summary([again(record(0), 0.0), lost])
    assert (found.kind, found.counts) == ("bit-exact", {"bit-exact": 1, "cannot": 1})
    assert summary([lost]).kind == "cannot"
