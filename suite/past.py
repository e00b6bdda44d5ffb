"""What a store knows of trials run before, cut down to what planning asks: a tenth of a record's size."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from suite import ledger
from suite.bulk import bulk
from suite.record import Outcome, Record
from suite.store import Store
from suite.trial import Trial

TOGETHER = 1000  # records that are held at a time when they are wanted whole

Kind = tuple[str, str, int, int, int, int, int]


class Past(NamedTuple):
    """What is kept of a record, and the study whose ledger it is in."""

    id: str
    answered_by: str
    task: str
    architecture: str
    seed: int
    data: str
    outcome: Outcome
    message: str | None
    kind: Kind
    seconds: float
    execution: str
    study: str = ""


def history(store: Store, study: str) -> tuple[tuple[Past, ...], tuple[ledger.Damage, ...]]:
    """All that is in the store's ledgers, the last active study's first; and what is damaged in that of `study`."""
    past, damaged = list[Past](), list[ledger.Damage]()
    with bulk():
        for name in dict.fromkeys((*store.studies(), study)):
            for line in ledger.scan(store.folder(name)):
                if isinstance(line, Record):
                    past.append(of(line, name))
                elif line is not None and name == study:
                    damaged.append(line)
    return tuple(past), tuple(damaged)


def of(record: Record, study: str = "") -> Past:
    """What is kept of a record."""
    trial = record.trial
    return Past(
        id=record.id,
        answered_by=record.answered_by,
        task=trial.task,
        architecture=trial.architecture,
        seed=trial.seed,
        data=record.provenance.data,
        outcome=record.outcome,
        message=record.result.message,
        kind=kind(trial),
        seconds=record.cost.seconds,
        execution=record.provenance.execution,
        study=study,
    )


def kind(trial: Trial) -> Kind:
    """What decides how long a trial takes."""
    size, budget = trial.size, trial.budget
    return trial.task, trial.architecture, size.width, size.depth, size.patch, budget.steps, budget.batch


def recalled(store: Store, wanted: Sequence[Past]) -> Iterator[list[Record]]:
    """The records that these were kept of, some at a time, each once."""
    missing = set(wanted)
    found = list[Record]()
    for study in dict.fromkeys(past.study for past in wanted):
        for line in ledger.scan(store.folder(study)):
            if isinstance(line, Record) and (kept := of(line, study)) in missing:
                missing.remove(kept)
                found.append(line)
            if len(found) == TOGETHER:
                yield found
                found = []
    if found:
        yield found
