"""What is checked of every row by itself: that it is what it says, and that it answers what the board asks."""

from collections.abc import Iterator

from suite.board.facts import Facts, TaskFacts, asked
from suite.board.finding import Finding, Rule
from suite.board.line import Entry, Row, manifest
from suite.trial import Level, Trial


def of_row(row: Row, entry: Entry, facts: Facts) -> Iterator[Finding]:
    """All that is wrong with it."""
    record, trial = row.record, row.record.trial
    if asked(row.stamp.board) != facts.asked:
        yield _found(row, "other board", f"was made for board {row.stamp.board}, and this is {facts.version}")
    if row.id != record.id or row.manifest != manifest(record):
        yield _found(row, "wrong manifest", f"has manifest {row.manifest}, and its record {manifest(record)}")
    if trial.task not in facts.tasks:
        yield _found(row, "other task", f"is on {trial.task}, which is not on the board")
        return
    yield from _of_score(row, facts.tasks[trial.task])
    if row.role != "variant":
        yield from _of_settings(row, entry, facts)


def _of_score(row: Row, task: TaskFacts) -> Iterator[Finding]:
    record, result = row.record, row.record.result
    if (record.metric, record.chance) != (task.metric, task.chance):
        measured = f"{record.metric} with chance {record.chance:g}"
        yield _found(row, "other task", f"scores {measured}; the board {task.metric} with {task.chance:g}")
    known = task.data.get(str(record.trial.seed))
    if known is not None and record.provenance.data != known and record.outcome == "finished":
        yield _found(row, "other data", f"was trained on data {record.provenance.data}; the board's are {known}")
    if result.test is not None and result.valid is None:
        yield _found(row, "no validation", "has a test score and none on validation, by which choices are made")
    if record.outcome == "finished" and result.test is None:
        yield _found(row, "no validation", "finished and has no test score")
    if any(score is not None and score > 1 for score in (result.valid, result.test)):
        yield _found(row, "impossible score", "scores above 1, which is perfection")


def _of_settings(row: Row, entry: Entry, facts: Facts) -> Iterator[Finding]:
    trial = row.record.trial
    if trial.architecture != entry.architecture:
        yield _found(row, "other settings", f"is of {trial.architecture}, and the entry is {entry.architecture}")
    levels, wanted = trial.levels, settings(entry, facts)
    other = [name for name, level in wanted.items() if levels[name] != level]
    if other:
        name = other[0]
        yield _found(row, "other settings", f"ran with {name} {levels[name]}; the board's is {wanted[name]}")
    if trial.protocol != facts.protocol:
        yield _found(row, "other settings", f"ran under protocol {trial.protocol}; the board's is {facts.protocol}")


def settings(entry: Entry, facts: Facts) -> dict[str, Level]:
    """What every trial of the entry has alike: all but what is tuned."""
    kept = {name: level for name, level in facts.baseline.items() if name not in entry.ignores}
    levels = Trial(task="", architecture="").moved(kept).levels
    return {name: level for name, level in levels.items() if name not in tuned(entry, facts)}


def tuned(entry: Entry, facts: Facts) -> tuple[str, ...]:
    """What the entry tunes: what the board tunes, and its architecture does not ignore."""
    return tuple(name for name in facts.tune if name not in entry.ignores)


def _found(row: Row, rule: Rule, what: str) -> Finding:
    trial = row.record.trial
    return Finding(row.entry, rule, f"row {row.id} ({trial.task}, seed {trial.seed}) {what}")
