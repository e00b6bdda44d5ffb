"""Stores to look at: made-up records of the plan of ablations/first.py, written through the real ledger."""

import os
import platform
import random
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from types import ModuleType

import pytest

from suite import ledger
from suite.arms import trials
from suite.plan import planned
from suite.process import born
from suite.record import Cost, Outcome, Point, Provenance, Record, Result
from suite.spans import FILE, Span
from suite.store import Failure, Plan, Running, Status, Store
from suite.study_file import load
from suite.trial import Trial

STUDY = "first"
CHANCE = {"tabular/breast_cancer": 0.63, "image/digits": 0.10, "series/mnist1d": 0.10}
BASE = {"tabular/breast_cancer": 0.8, "image/digits": 0.72, "series/mnist1d": 0.3}
SKILL = {"mlp": 0.0, "cnn": 0.11, "transformer": 0.07, "gru": 0.02}
NORM = {"none": 0.0, "batch": 0.07, "layer": 0.06, "rms": 0.05}
PARAMETERS = {"mlp": 9_400, "cnn": 21_700, "transformer": 34_100, "gru": 27_900}
LOSSES: dict[Outcome, str] = {
    "diverged": "the loss was not finite at step 37",
    "timed_out": "no answer after 60 s",
    "out_of_memory": "the worker used more than 2,048 MB",
}

Change = Callable[[Trial], Outcome]


@pytest.fixture(autouse=True)
def main_module() -> Iterator[None]:
    """A page that is tried in this process takes the place of `__main__`, which later processes would run."""
    before = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = before


def study_trials() -> tuple[Trial, ...]:
    return trials(load(STUDY)[1])


def plan() -> Plan:
    name, study = load(STUDY)
    return planned(name, study, name, study_trials())


def record(trial: Trial, outcome: Outcome = "finished") -> Record:
    """A record with a score that looks like one: deep plain networks are bad, norms and residuals repair it."""
    valid, test = (round(_skill(trial, split), 4) for split in ("valid", "test"))
    done, depth = outcome == "finished", trial.size.depth
    result = Result(
        outcome=outcome,
        steps=100 if done else 37,
        valid=valid if done else None,
        test=test if done else None,
        curve=tuple(_point(step, valid) for step in range(0, 101, 10) if done or step < 37),
        weights="9f2c4e6a8b0d1357" if done else None,
        message=None if done else LOSSES.get(outcome, f"{outcome} for a reason that nobody knows"),
    )
    return Record(
        trial=trial,
        metric="accuracy",
        chance=CHANCE.get(trial.task, 0.1),
        result=result,
        cost=Cost(
            parameters=PARAMETERS.get(trial.architecture, 1000) * depth // 2,
            flops=31_250_000 * depth,
            seconds=0.31 * depth,
            peak_memory_mb=402.5,
        ),
        provenance=Provenance(
            source="4b1dc0ffee123456",
            data="77aa88bb99cc00dd",
            numerics={"device": "cpu", "dtype": "float32", "threads": "1", "capability": "AVX512"},
            libraries={"torch": "2.13.0", "numpy": "2.4.0"},
            commit="4667f30a1b2c3d4e5f60718293a4b5c6d7e8f901",
            dirty=False,
            python="3.11.7",
            host="laptop",
        ),
    )


def _skill(trial: Trial, split: str) -> float:
    block = random.Random(f"{trial.task} {trial.architecture} {trial.seed}").gauss(0, 0.015)
    noise = random.Random(f"{trial.id} {split}").gauss(0, 0.012)
    norm, residual, depth = trial.tricks.norm, trial.tricks.residual, trial.size.depth
    loss = 0.0 if depth < 8 else 0.42 if norm == residual == "none" else 0.06 if residual == "none" else 0.0
    score = BASE.get(trial.task, 0.5) + SKILL.get(trial.architecture, 0.0) + NORM[norm] - loss + block + noise
    return min(max(score, CHANCE.get(trial.task, 0.1)), 0.995)


def _point(step: int, score: float) -> Point:
    share = 1 - 2.0 ** (-step / 18)
    return Point(step=step, loss=round(2.3 - 2.1 * share * score, 4), valid=round(0.1 + (score - 0.1) * share, 4))


def some_failures(trial: Trial) -> Outcome:
    """A few failures, and one architecture that never manages one task."""
    if trial.architecture == "gru" and trial.task == "series/mnist1d":
        return "timed_out"
    plain = trial.tricks.norm == trial.tricks.residual == "none" and trial.size.depth == 8
    return "diverged" if plain and trial.architecture == "transformer" and trial.seed == 1 else "finished"


def write(root: Path, records: Iterable[Record], described: Plan | None = None) -> Store:
    """A store with one study, its plan and these records."""
    store, described = Store(root), described or plan()
    store.write_plan(described)
    with ledger.owned(store.folder(described.name)) as book:
        found = list(records)
        if found:
            book.append(found)
    return store


def store_of(root: Path, outcome: Change = some_failures, trials: Sequence[Trial] | None = None) -> Store:
    """A store with a record for each of the trials, all of the study's unless told."""
    chosen = study_trials() if trials is None else trials
    return write(root, [record(trial, outcome(trial)) for trial in chosen])


def sweep(store: Store, state: str = "running", *, age: float = 0.0, pid: int | None = None) -> None:
    """The status of a sweep of this process that is through two thirds of the study, last seen `age` seconds ago."""
    now = time.time()
    some = study_trials()
    lost = [Failure(id=trial.id, outcome="diverged", message=LOSSES["diverged"]) for trial in some[:4]]
    running = [Running(id=t.id, task=t.task, architecture=t.architecture, seconds=s) for t, s in zip(some, (2.1, 0.4))]  # noqa: B905
    store.write_status(
        STUDY,
        Status.model_validate(
            {
                "state": state,
                "pid": pid or os.getpid(),
                "born": born(pid or os.getpid()) or 0.0,
                "host": platform.node(),
                "started": now - 95 - age,
                "beat": now - age,
                "slots": 2,
                "total": 288,
                "cached": 24,
                "done": 168,
                "outcomes": {"finished": 187, "diverged": 4, "timed_out": 1},
                "running": tuple(running) if state == "running" else (),
                "failures": tuple(lost),
                "left": (76.0, 119.0) if state == "running" else None,
            }
        ),
    )


def ran(store: Store, trials: Sequence[Trial], slots: int = 2) -> None:
    """When these trials ran in the sweep, each in the first slot that was free, deep ones for longer."""
    swept = store.status(STUDY)
    assert swept
    started = swept.started
    free = [started] * slots
    lines = []
    for trial in trials:
        slot = free.index(min(free))
        began, free[slot] = free[slot], free[slot] + 0.2 * trial.size.depth
        lines.append(Span(id=trial.id, slot=slot + 1, began=began, ended=free[slot]).model_dump_json() + "\n")
    (store.folder(STUDY) / FILE).write_text("".join(lines))


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a store that does not exist yet, which the dashboard is told of."""
    root = tmp_path / "runs"
    monkeypatch.setenv("WONDERLAND_RUNS", str(root))
    return root


@pytest.fixture(scope="session")
def made() -> ModuleType:
    """The functions above."""
    return sys.modules[__name__]
