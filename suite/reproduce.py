"""Reproduce: train a recorded trial again in a fresh process, and say bit-exact or what moved."""

import os
import subprocess
import sys
from dataclasses import dataclass
from typing import Literal

from suite import catalog
from suite.backend import ENVIRONMENT
from suite.fused import train_together
from suite.record import SOLO, Record
from suite.train import train
from suite.trial import PROTOCOL, Trial

TOLERANCE = 0.01  # of a score, between machines whose arithmetic differs in the last bits
Kind = Literal["bit-exact", "equivalent", "different", "cannot"]


@dataclass(frozen=True)
class Verdict:
    """What came of training again. `moved` names each digest that is another one now, as (what, then, now)."""

    kind: Kind
    reason: str
    moved: tuple[tuple[str, str, str], ...] = ()
    again: Record | None = None


def reproduce(record: Record) -> Verdict:
    """Train the record's trial again, from nothing but the record, and compare."""
    missing = _missing(record)
    if missing:
        return Verdict("cannot", missing)
    answer = subprocess.run(
        [sys.executable, "-m", "suite.reproduce"],
        input=f"{record.provenance.execution}\n{record.trial.model_dump_json()}",
        capture_output=True,
        text=True,
        env=os.environ | ENVIRONMENT,
        check=False,
    )
    if answer.returncode:
        last = answer.stderr.strip().splitlines()[-1:] or ["no message"]
        return Verdict("cannot", f"the process that trained again ended with code {answer.returncode}: {last[0]}")
    return compare(record, Record.from_json(answer.stdout))


def compare(record: Record, again: Record) -> Verdict:
    """The verdict on two records of one trial."""
    moved = record.provenance.moved(again.provenance)
    if again.result.digest == record.result.digest:
        return Verdict(
            "bit-exact", f"the same bits: weights {again.result.weights}, test {again.result.test}", moved, again
        )
    changed = [what for what, _, _ in moved]
    if _near(record, again) and changed and set(changed) <= {"numerics", "libraries"}:
        return Verdict("equivalent", f"other arithmetic, but the scores agree within {TOLERANCE:g}", moved, again)
    because = f"{' and '.join(changed)} moved" if changed else "although code, data and numerics are the same"
    return Verdict("different", f"{_scores(record, again)}; {because}", moved, again)


def _missing(record: Record) -> str | None:
    trial = record.trial
    if record.result.outcome in ("crashed", "timed_out"):
        return f"the trial {record.result.outcome.replace('_', ' ')}, so there is no result to compare with"
    if trial.protocol != PROTOCOL:
        return f"it was trained under protocol {trial.protocol}, and this is {PROTOCOL}; check out {_commit(record)}"
    for kind, name, known in (
        ("task", trial.task, catalog.task_names()),
        ("architecture", trial.architecture, catalog.architecture_names()),
    ):
        if name not in known:
            return f"there is no {kind} {name!r} here; check out {_commit(record)}"
    return None


def _commit(record: Record) -> str:
    return f"commit {record.provenance.commit}" if record.provenance.commit else "the code it was recorded with"


def _near(record: Record, again: Record) -> bool:
    pairs = ((record.result.valid, again.result.valid), (record.result.test, again.result.test))
    return all(a is not None and b is not None and abs(a - b) <= TOLERANCE for a, b in pairs)


def _scores(record: Record, again: Record) -> str:
    then, now = record.result, again.result
    if then.outcome != now.outcome:
        return f"it {then.outcome} then and {now.outcome} now"
    if then.test == now.test:
        return f"test is {now.test} again, but the weights are {now.weights}, not {then.weights}"
    return f"test was {then.test} and is {now.test}"


def _again(execution: str, trial: Trial) -> Record:
    """Train it the way it was trained: alone, or as one of so many. The others change nothing but the width."""
    if execution == SOLO:
        return train(trial)
    (record,) = train_together([trial], int(execution.removeprefix("fused-")))
    return record


if __name__ == "__main__":
    print(_again(sys.stdin.readline().strip(), Trial.model_validate_json(sys.stdin.read())).to_json())
