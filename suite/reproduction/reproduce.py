"""Reproduce one record: train its trial again in a fresh process, and say bit-exact or what moved."""

from dataclasses import replace

from suite.record import Record
from suite.reproduction.cannot import lost, missing
from suite.reproduction.fresh import Lost, Place, train_again
from suite.reproduction.verdict import TOLERANCE, Verdict, compare
from suite.resources import group


def reproduce(record: Record, place: Place | None = None, *, times: int = 1, tolerance: float = TOLERANCE) -> Verdict:
    """Train the record's trial again, `times` times, from nothing but the record, and compare.

    The code here trains it, unless a place with other code is given.
    """
    lacks = missing(record) if place is None or place.commit is None else None
    if lacks is not None:
        return lacks
    verdicts = list[Verdict]()
    for _ in range(times):
        verdicts.append(_once(record, place or Place(), tolerance))
        if verdicts[-1].kind == "cannot":
            return verdicts[-1]
    return together(verdicts)


def _once(record: Record, place: Place, tolerance: float) -> Verdict:
    try:
        again = train_again(record, place)
    except Lost as error:
        return Verdict("cannot", str(error), commit=place.commit)
    verdict = lost(record, again, place.commit) or compare(record, again, tolerance)
    return replace(verdict, reason=verdict.reason + _by(again), commit=place.commit)


def _by(again: Record) -> str:
    """By how many processes it was trained again, where that was a group of them."""
    members = group(again.provenance.execution)
    return f"; trained by {members[0]} processes again" if members else ""


def together(verdicts: list[Verdict]) -> Verdict:
    """One verdict on several tries: the first, if the machine agrees with itself."""
    first, times = verdicts[0], len(verdicts)
    if times == 1:
        return first
    results = {verdict.again.result.digest for verdict in verdicts if verdict.again is not None}
    if len(results) == 1:
        return replace(first, reason=f"{first.reason}; {times} times alike", times=times)
    alone = f"this machine does not agree with itself: {len(results)} different results in {times} times"
    return replace(first, kind="different", reason=f"{alone}; {first.reason}", times=times)
