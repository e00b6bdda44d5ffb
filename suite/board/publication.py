"""A publication: the lines that the records in a store make, for one architecture or the whole board."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import product
from typing import get_args

from suite import catalog
from suite.adaptive import wanted
from suite.analysis.search import TUNING_SEED
from suite.arms import trials
from suite.board.entry_rules import variants
from suite.board.facts import Facts
from suite.board.line import Aggregate, AnyLine, Classical, Entry, Judged, Role, Row, Stamp, manifest
from suite.board.protocol import NAME, of_one
from suite.board.published import Board
from suite.ledger import current
from suite.record import Record
from suite.reproduction.kept import kept
from suite.search import tries
from suite.store import Store
from suite.study import Study
from suite.trial import Trial


def asks(study: Study) -> tuple[Trial, ...]:
    """Every trial that the board may ask of the study's architectures, whatever their search chooses."""
    if not study.tune:
        return trials(study)
    tried = tries(study)
    return (*tried, *(trial.model_copy(update={"seed": seed}) for trial in tried for seed in range(study.most_seeds)))


def answers(store: Store, asked: Iterable[Trial]) -> dict[str, list[Record]]:
    """Every record in the store of these trials, by architecture, those of the last active study last."""
    wanted = {trial.id for trial in asked}
    found = defaultdict[str, list[Record]](list)
    for name in reversed(store.studies()):
        for record in store.reading(name).records:
            if record.id in wanted:
                found[record.trial.architecture].append(record)
    return dict(found)


def entered(study: Study, name: str, records: Sequence[Record], stamp: Stamp) -> list[AnyLine]:
    """An entry: its line, its rows, other variants of it, and what the rows come to.

    `study` is the board's for one architecture, and `records` are all there are of what it asks, in the order written.
    """
    (architecture,) = study.architectures
    held = current(records)
    asked = {trial.id for trial in wanted(study, held.values())}
    rows = [_row(stamp, name, record, _role(record)) for record in held.values() if record.id in asked]
    rows += [_row(stamp, name, record, "variant") for record in _others(records, held, asked)]
    entry = Entry(
        stamp=stamp,
        entry=name,
        architecture=architecture,
        accepts=study.tasks,
        ignores=catalog.ignored(architecture),
        variants=max(1, variants(rows)),
    )
    return [entry, *rows, *_aggregates(stamp, name, rows)]


def one(store: Store, study: Study, architecture: str, name: str, there: Board, stamp: Stamp) -> list[AnyLine]:
    """What the store has of one architecture, as the entry of that name."""
    own = of_one(study, architecture)
    entry, *rows = entered(own, name, answers(store, asks(own)).get(architecture, []), stamp)
    others = scored(store, there.facts) - {line.architecture for line in there.entries.values()} - {architecture}
    return [entry.model_copy(update={"others": tuple(sorted(others))}), *rows]


def scored(store: Store, facts: Facts) -> set[str]:
    """The architectures that the store has scored by the board's protocol, whether they are still there or not."""
    records = (record for name in store.studies() for record in store.reading(name).records)
    return {record.trial.architecture for record in records if _is_asked(record.trial, facts)}


def _is_asked(trial: Trial, facts: Facts) -> bool:
    """Whether the trial is one that the board asks of some architecture, which may ignore some of its settings."""
    plain = Trial(task="", architecture="").levels
    wanted = {name: {level} for name, level in plain.items()}
    for name, level in (*facts.baseline.items(), *((name, one) for name, all_ in facts.tune.items() for one in all_)):
        wanted[name] = wanted[name] | {level}
    asked = trial.task in facts.tasks and trial.seed < facts.seeds and trial.protocol == facts.protocol
    return asked and all(level in wanted[name] for name, level in trial.levels.items())


def everything(store: Store, study: Study, there: Board, stamp: Stamp, note: Callable[[str], None]) -> list[AnyLine]:
    """What the store has of the board's study: entries, classical baselines on their splits, and verdicts on rows."""
    found = answers(store, asks(study))
    lines = list[AnyLine]()
    for architecture in (name for name in study.architectures if name in found):
        note(f"collecting {architecture}")
        lines += entered(of_one(study, architecture), architecture, found[architecture], stamp)
    rows = [line for line in (*there.lines, *lines) if isinstance(line, Row)]
    return [*lines, *classical(there, stamp, note), *judged(store, rows, stamp)]


def classical(there: Board, stamp: Stamp, note: Callable[[str], None]) -> Iterator[Classical]:
    """Every classical baseline on every task that it can take and that the board does not have yet."""
    from suite.baselines import Baseline, refusal, score_baseline  # imports torch and scikit-learn

    known = {(line.task, line.baseline, line.seed) for line in there.classical}
    for task, name in product(there.facts.tasks, get_args(Baseline)):
        if refusal(name, catalog.task(task)) is None:
            for seed in range(there.facts.seeds):
                if (task, name, seed) not in known:
                    note(f"fitting {name} on {task}, seed {seed}")
                    valid, test = score_baseline(name, task, seed)
                    yield Classical(stamp=stamp, task=task, baseline=name, seed=seed, valid=valid, test=test)


def judged(store: Store, rows: Iterable[Row], stamp: Stamp) -> list[Judged]:
    """The verdicts in the store on these rows."""
    by_id = {row.id: row for row in rows}
    studies = dict.fromkeys((*store.studies(), NAME))  # a row of the board is judged under the board's own name
    found = [verdict for name in studies for verdict in kept(store, name)]
    return [
        Judged(stamp=stamp, verdict=verdict)
        for verdict in found
        if verdict.id in by_id and verdict.judges(by_id[verdict.id].record)
    ]


def _row(stamp: Stamp, name: str, record: Record, role: Role) -> Row:
    return Row(stamp=stamp, entry=name, role=role, id=record.id, manifest=manifest(record), record=record)


def _role(record: Record) -> Role:
    return "tuning" if record.trial.seed >= TUNING_SEED else "score"


def _others(records: Iterable[Record], held: dict[str, Record], wanted: set[str]) -> Iterator[Record]:
    """Other results of what the board asks, by other code or at points that the search did not choose, each once."""
    seen = {(id, held[id].result.digest) for id in held.keys() & wanted}
    for record in records:
        key = record.id, record.result.digest
        other = record.id not in wanted or record.provenance.source != held[record.id].provenance.source
        if other and key not in seen and record.outcome != "crashed":
            seen.add(key)
            yield record


def _aggregates(stamp: Stamp, name: str, rows: Iterable[Row]) -> Iterator[Aggregate]:
    tests = defaultdict[str, list[float]](list)
    for row in rows:
        if row.role == "score" and row.record.result.test is not None:
            tests[row.record.trial.task].append(row.record.result.test)
    for task, found in tests.items():
        yield Aggregate(stamp=stamp, entry=name, task=task, mean=sum(found) / len(found), n_seeds=len(found))
