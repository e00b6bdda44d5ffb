"""Training again says bit-exact when it is, and what moved when it is not."""

from collections.abc import Callable
from pathlib import Path

import pytest

from suite.fused import train_together
from suite.record import UNAVAILABLE, Record
from suite.reproduction.cannot import lost
from suite.reproduction.reproduce import reproduce, together
from suite.reproduction.verdict import compare
from suite.train import train
from suite.trial import Trial


@pytest.fixture(scope="module")
def trained() -> Record:
    return train(Trial(task="image/digits", architecture="mlp").moved({"steps": 20, "width": 8}))


def verdict_id(record: Record, trial: dict[str, object]) -> str:
    return changed(record, part="trial", **trial).id


def changed(record: Record, *, part: str, **fields: object) -> Record:
    return record.model_copy(update={part: getattr(record, part).model_copy(update=fields)})


def test_a_fresh_process_gives_the_same_bits(trained: Record) -> None:
    verdict = reproduce(trained)
    assert (verdict.kind, verdict.moved) == ("bit-exact", ())
    assert verdict.again is not None
    assert verdict.again.result == trained.result


def test_several_times_alike_says_so(trained: Record) -> None:
    verdict = reproduce(trained, times=2)
    assert (verdict.kind, verdict.times) == ("bit-exact", 2)
    assert verdict.reason.endswith("2 times alike")


def test_a_machine_that_disagrees_with_itself_is_different(trained: Record) -> None:
    other = changed(trained, part="result", weights="0" * 16)
    verdict = together([compare(trained, again) for again in (trained, other, trained)])
    assert (verdict.kind, verdict.times) == ("different", 3)
    assert "does not agree with itself: 2 different results in 3 times" in verdict.reason


def test_really_other_arithmetic_is_equivalent(trained: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    """The kernels without vector instructions sum in another order, as another processor would."""
    monkeypatch.setenv("ATEN_CPU_CAPABILITY", "default")
    verdict = reproduce(trained)
    assert [what for what, _, _ in verdict.moved] == ["numerics"]
    assert "cpu DEFAULT" in verdict.moved[0][2]
    assert verdict.kind == "equivalent"
    assert verdict.again is not None
    assert verdict.again.result.weights != trained.result.weights
    assert reproduce(trained, tolerance=0.0).kind in ("equivalent", "different")


def test_one_of_many_is_trained_again_as_one_of_so_many() -> None:
    """The others of its group are not needed for the same bits."""
    trials = [Trial(task="image/digits", architecture="mlp", seed=s).moved({"steps": 20, "width": 8}) for s in range(3)]
    record = train_together(trials, 3)[1]
    verdict = reproduce(record)
    assert (verdict.kind, verdict.moved) == ("bit-exact", ())
    assert verdict.again is not None
    assert verdict.again.provenance.execution == "fused-3"


def test_a_forged_score_is_different(trained: Record) -> None:
    verdict = reproduce(changed(trained, part="result", test=0.99))
    assert verdict.kind == "different"
    assert "test was 0.99" in verdict.reason
    assert "although code, data and numerics are the same" in verdict.reason


def test_other_weights_are_different_even_with_the_same_score(trained: Record) -> None:
    verdict = compare(trained, changed(trained, part="result", weights="f" * 16))
    assert verdict.kind == "different"
    assert "the weights are ffffffffffffffff" in verdict.reason


@pytest.mark.parametrize("what", ["source", "data"])
def test_what_moved_is_named(trained: Record, what: str) -> None:
    again = changed(changed(trained, part="result", test=0.1), part="provenance", **{what: "0" * 16})
    verdict = compare(trained, again)
    assert verdict.kind == "different"
    assert verdict.reason.endswith(f"{what} moved")
    assert verdict.moved == ((what, getattr(trained.provenance, what), "0" * 16),)


def test_another_source_with_the_same_bits_is_bit_exact_and_says_so(trained: Record) -> None:
    verdict = compare(trained, changed(trained, part="provenance", source="0" * 16))
    assert (verdict.kind, [what for what, _, _ in verdict.moved]) == ("bit-exact", ["source"])


def test_other_arithmetic_may_differ_a_little_and_not_much(trained: Record) -> None:
    other = changed(trained, part="provenance", numerics={**trained.provenance.numerics, "cpu": "AVX2"})
    assert trained.result.test is not None
    assert trained.result.valid is not None
    near = changed(other, part="result", test=trained.result.test + 0.003, weights="0" * 16)
    far = changed(other, part="result", test=trained.result.test + 0.3, weights="0" * 16)
    assert compare(trained, near).kind == "equivalent"
    assert compare(trained, far).kind == "different"
    assert compare(trained, near).moved == (("numerics", f"cpu {trained.provenance.numerics['cpu']}", "cpu AVX2"),)


@pytest.mark.parametrize(
    ("trial", "reason"),
    [
        ({"task": "image/unknown"}, "no task 'image/unknown' here"),
        ({"architecture": "unknown"}, "no architecture 'unknown' here"),
        ({"protocol": 99}, "protocol 99"),
    ],
)
def test_what_cannot_be_trained_here_says_what_is_missing(
    trained: Record, trial: dict[str, object], reason: str
) -> None:
    verdict = reproduce(changed(trained, part="trial", **trial))
    assert verdict.kind == "cannot"
    assert reason in verdict.reason
    assert "check out" in verdict.reason
    commit = trained.provenance.commit
    assert verdict.commands == ((f"wonderland reproduce {verdict_id(trained, trial)} --at-commit",) if commit else ())


def test_lost_data_is_not_a_difference(trained: Record) -> None:
    message = "FetchError: package data 1.0 cannot be fetched"
    gone = changed(changed(trained, part="result", outcome="failed", test=None, message=message), part="provenance")
    verdict = lost(trained, changed(gone, part="provenance", data=UNAVAILABLE))
    assert verdict is not None
    assert (verdict.kind, verdict.commands) == ("cannot", ("wonderland fetch image/digits",))
    assert message in verdict.reason


def test_a_library_that_is_not_here_is_named_with_its_version(trained: Record) -> None:
    then = changed(trained, part="provenance", libraries={**trained.provenance.libraries, "never-made": "1.2"})
    failed = changed(then, part="result", outcome="failed", test=None, message="ModuleNotFoundError: never_made")
    verdict = lost(then, failed)
    assert verdict is not None
    assert (verdict.kind, verdict.commands) == ("cannot", ("pip install never-made==1.2",))


def test_too_little_memory_is_the_machine_and_not_the_result(trained: Record) -> None:
    verdict = lost(trained, changed(trained, part="result", outcome="out_of_memory", test=None, message="no room"))
    assert verdict is not None
    assert verdict.kind == "cannot"


def test_a_crash_is_no_result_to_compare_with(trained: Record) -> None:
    assert reproduce(changed(trained, part="result", outcome="crashed")).kind == "cannot"


def test_changed_code_is_noticed(trained: Record, tree: Path, python: Callable[..., str]) -> None:
    """One line of the schedule is changed in a copy of the product, which then trains again."""
    loop = tree / "suite/tricks/optimizer.py"
    text = loop.read_text()
    assert "WARMUP = 0.1" in text
    loop.write_text(text.replace("WARMUP = 0.1", "WARMUP = 0.2"))
    code = f"""
from suite.fused import train_together
from suite.record import Record
from suite.reproduction.reproduce import reproduce
verdict = reproduce(Record.from_json({trained.to_json()!r}))
print(verdict.kind, [what for what, _, _ in verdict.moved])
"""
    assert python(code, path=tree) == "different ['source']\n"
