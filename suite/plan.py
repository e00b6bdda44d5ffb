"""What a sweep of a study would do: which trials are new, which are answered, and which answers are stale.

An answer counts only if what was asked (the trial's id) and what answers it today (code, data, numerics)
are both the same. Data is fingerprinted only where there is an answer to compare with, so planning a new
study loads nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from suite import ledger
from suite.data import UNAVAILABLE, data
from suite.provenance import provenance
from suite.record import Provenance, Record
from suite.store import Plan, Store
from suite.study import Impossible, Study, impossible, trials
from suite.trial import Trial


@dataclass(frozen=True)
class Workload:
    """The trials of a study by what is to be done with them, in the study's order.

    `cached` holds the answers there are. Those that lie in another study's ledger, or under a later answer
    in this one, are in `adopted` too: the sweep copies them, so that every study's folder is whole.
    """

    new: tuple[Trial, ...]
    stale: tuple[Trial, ...]
    cached: tuple[Record, ...]
    adopted: tuple[Record, ...]
    impossible: tuple[Impossible, ...]

    @property
    def todo(self) -> tuple[Trial, ...]:
        return self.new + self.stale

    @property
    def total(self) -> int:
        return len(self.new) + len(self.stale) + len(self.cached)


def workload(store: Store, name: str, study: Study, *, retry: bool = False) -> Workload:
    """Compare the study with every record in the store. With `retry`, a crash is no answer."""
    own = ledger.current(store.reading(name).records)
    known = _by_id(record for other in store.studies() for record in store.reading(other).records)
    new, stale, cached, adopted = list[Trial](), list[Trial](), list[Record](), list[Record]()
    for trial in trials(study):
        answers = known.get(trial.id, [])
        answer = next((a for a in answers if is_current(a) and not (retry and a.result.outcome == "crashed")), None)
        if answer is None:
            (stale if answers else new).append(trial)
            continue
        cached.append(answer)
        held = own.get(trial.id)
        if held is None or held.answered_by != answer.answered_by:
            adopted.append(answer)
    return Workload(tuple(new), tuple(stale), tuple(cached), tuple(adopted), impossible(study))


def is_current(record: Record) -> bool:
    """Whether the same trial, trained here and now, is answered by the same code, data, numerics and libraries."""
    then = record.provenance
    return then.data != UNAVAILABLE and then.answered_by == today(record.trial).answered_by


def today(trial: Trial) -> Provenance:
    """The provenance that a record of the trial would have now."""
    return provenance(trial.task, trial.architecture, data(trial.task, trial.seed).fingerprint)


def planned(name: str, study: Study, given: str) -> Plan:
    """The study as the store keeps it."""
    return Plan(
        name=name,
        question=study.question.strip(),
        design=study.design,
        tasks=study.tasks,
        architectures=study.architectures,
        factors=study.factors,
        baseline=study.baseline,
        seeds=study.seeds,
        trials=tuple(trial.id for trial in trials(study)),
        given=given,
    )


def _by_id(records: Iterable[Record]) -> dict[str, list[Record]]:
    known: dict[str, list[Record]] = {}
    for record in records:
        known.setdefault(record.id, []).append(record)
    return known
