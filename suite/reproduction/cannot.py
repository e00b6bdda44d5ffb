"""What is missing to train a record again, and the commands that would provide it."""

import shlex
from importlib.metadata import PackageNotFoundError, version

from suite import catalog
from suite.record import UNAVAILABLE, Record
from suite.reproduction.verdict import Verdict
from suite.trial import PROTOCOL


def missing(record: Record) -> Verdict | None:
    """Why this code cannot train the record again, or None if it can."""
    trial, outcome = record.trial, record.result.outcome
    if outcome in ("crashed", "timed_out"):
        return Verdict("cannot", f"the trial {outcome.replace('_', ' ')}, so there is no result to compare with")
    if trial.protocol != PROTOCOL:
        was = f"it was trained under protocol {trial.protocol}, and this is {PROTOCOL}"
        return Verdict("cannot", f"{was}; check out {_commit(record)}", commands=_at_commit(record))
    for kind, name, known in (
        ("task", trial.task, catalog.task_names()),
        ("architecture", trial.architecture, catalog.architecture_names()),
    ):
        if name not in known:
            lacks = f"there is no {kind} {name!r} here; check out {_commit(record)}"
            return Verdict("cannot", lacks, commands=_at_commit(record))
    return None


def lost(record: Record, again: Record, at: str | None = None) -> Verdict | None:
    """Why the machine, and not the result, is to blame for what came out, or None if it is not."""
    then, now = record.result.outcome, again.result
    if again.provenance.data == UNAVAILABLE and record.provenance.data != UNAVAILABLE:
        task = record.trial.task
        return _told(
            f"the data of {task} cannot be loaded here ({now.message})", f"wonderland fetch {shlex.quote(task)}"
        )
    if then == "finished" and now.outcome == "out_of_memory":
        return _told(f"it finished then, and this machine has too little memory for it ({now.message})")
    absent = _absent(record) if at is None else {}
    if then == "finished" and now.outcome == "failed" and absent:
        pins = " ".join(shlex.quote(f"{name}=={number}") for name, number in absent.items())
        return _told(f"it needs {', '.join(absent)}, not installed here ({now.message})", f"pip install {pins}")
    return None


def _told(reason: str, *commands: str) -> Verdict:
    return Verdict("cannot", reason, commands=commands)


def _absent(record: Record) -> dict[str, str]:
    """The libraries that it was trained with and that are not here, with their versions then."""
    return {name: number for name, number in record.provenance.libraries.items() if not _is_installed(name)}


def _is_installed(name: str) -> bool:
    try:
        return bool(version(name))
    except PackageNotFoundError:
        return False


def _commit(record: Record) -> str:
    commit = record.provenance.commit
    return f"commit {commit}" if commit else "the code it was recorded with"


def _at_commit(record: Record) -> tuple[str, ...]:
    return (f"wonderland reproduce {record.id} --at-commit",) if record.provenance.commit else ()
