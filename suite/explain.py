"""Why a trial would be run again, or why not: what answered it then, beside what would answer it now."""

from dataclasses import dataclass
from typing import Literal

from suite.plan import today
from suite.record import Outcome, Record
from suite.store import Store, StoreError

AGAIN: dict[Outcome, str] = {
    "crashed": "it crashed; `wonderland sweep --retry` runs it again",
    "timed_out": "it timed out; `wonderland sweep` with a longer --deadline, or with --retry, runs it again",
    "out_of_memory": "it ran out of memory; `wonderland sweep --retry` runs it again",
}


@dataclass(frozen=True)
class Explanation:
    """A trial's state. `moved` names what is another one now than when it was recorded, as (what, then, now)."""

    id: str
    state: Literal["cached", "stale", "new"]
    study: str
    because: str
    moved: tuple[tuple[str, str, str], ...] = ()
    commit: str | None = None


def explain(store: Store, prefix: str) -> Explanation:
    """Explain the one trial, recorded or only planned, whose id starts with `prefix`. Raises StoreError."""
    try:
        study, record = store.find(prefix)
    except StoreError:
        planned = {id: study for study in store.studies() for id in store.plan(study).trials if id.startswith(prefix)}
        if len(planned) != 1:
            raise
        ((id, study),) = planned.items()
        return Explanation(id, "new", study, "it is planned and has no record")
    return _recorded(study, record)


def _recorded(study: str, record: Record) -> Explanation:
    moved = record.provenance.moved(today(record.trial, record.provenance.execution))
    commit = record.provenance.commit
    if moved:
        because = f"{' and '.join(what for what, _, _ in moved)} moved since it was recorded"
        return Explanation(record.id, "stale", study, because, moved, commit)
    if record.outcome in AGAIN:
        return Explanation(record.id, "cached", study, AGAIN[record.outcome])
    because = "code, data, numerics and libraries are those it was recorded with"
    return Explanation(record.id, "cached", study, because, (), commit)
