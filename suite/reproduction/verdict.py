"""A verdict: what came of training again, in one of four words, and how two records of one trial are compared."""

from dataclasses import dataclass
from typing import Literal, get_args

from suite.record import Record

TOLERANCE = 0.01  # of a score, between machines whose arithmetic differs in the last bits
ARITHMETIC = {"numerics", "libraries"}  # what may move where results are expected to agree, but not bit for bit

Kind = Literal["bit-exact", "equivalent", "different", "cannot"]
KINDS: tuple[Kind, ...] = get_args(Kind)
Moved = tuple[str, str, str]  # what, then, now


@dataclass(frozen=True)
class Verdict:
    """What came of training again `times` times. `moved` names each digest that is another one now.

    `again` is the first record that was made, if one was, and `commands` are what would provide what is missing.
    `commit` was checked out for it, if any was.
    """

    kind: Kind
    reason: str
    moved: tuple[Moved, ...] = ()
    again: Record | None = None
    commands: tuple[str, ...] = ()
    times: int = 1
    commit: str | None = None


def compare(record: Record, again: Record, tolerance: float = TOLERANCE) -> Verdict:
    """The verdict on two records of one trial."""
    moved = record.provenance.moved(again.provenance)
    if again.result.digest == record.result.digest:
        same = f"the same bits: weights {again.result.weights}, test {again.result.test}"
        return Verdict("bit-exact", same, moved, again)
    if only_arithmetic(moved) and near(record, again, tolerance):
        agree = f"other arithmetic, but the scores agree within {tolerance:g}"
        return Verdict("equivalent", agree, moved, again)
    return Verdict("different", f"{_scores(record, again)}; {because(moved)}", moved, again)


def only_arithmetic(moved: tuple[Moved, ...]) -> bool:
    """Whether arithmetic is another one, and code and data are the same."""
    return bool(moved) and {what for what, _, _ in moved} <= ARITHMETIC


def because(moved: tuple[Moved, ...]) -> str:
    """What may have caused a difference: source and data moved."""
    names = " and ".join(what for what, _, _ in moved)
    return f"{names} moved" if names else "although code, data and numerics are the same"


def near(record: Record, again: Record, tolerance: float) -> bool:
    """Whether both scores are there and agree within the tolerance."""
    pairs = ((record.result.valid, again.result.valid), (record.result.test, again.result.test))
    return all(a is not None and b is not None and abs(a - b) <= tolerance for a, b in pairs)


def _scores(record: Record, again: Record) -> str:
    then, now = record.result, again.result
    if then.outcome != now.outcome:
        return f"it {then.outcome} then and {now.outcome} now"
    if then.test == now.test:
        return f"test is {now.test} again, but the weights are {now.weights}, not {then.weights}"
    return f"test was {then.test} and is {now.test}"
