"""Records made by hand: what the analysis is tested on, without training anything."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import product

import pytest

from suite.record import Cost, Outcome, Provenance, Record, Result
from suite.trial import Level, Trial

Score = Callable[[Trial], float]
CHANCE = {"image/digits": 0.1, "tabular/breast_cancer": 0.6, "tabular/diabetes": 0.0, "series/mnist1d": 0.1}


def _record(trial: Trial, test: float | None, valid: float | None = None, outcome: Outcome = "finished") -> Record:
    """The record of a trial that scored `test`, and on valid the same unless told; None did not finish."""
    done = outcome == "finished"
    return Record(
        trial=trial,
        metric="r2" if trial.task == "tabular/diabetes" else "accuracy",
        chance=CHANCE[trial.task],
        result=Result(
            outcome=outcome,
            steps=10,
            valid=(test if valid is None else valid) if done else None,
            test=test if done else None,
            message=None if done else f"{outcome} at step 7",
        ),
        cost=Cost(parameters=1000, flops=5000, seconds=2.0),
        provenance=Provenance(source="s", data="d", numerics={}, libraries={}),
    )


def _factorial(
    score: Score,
    factors: Mapping[str, Sequence[Level]],
    tasks: Iterable[str] = ("image/digits",),
    architectures: Iterable[str] = ("mlp",),
    seeds: int = 3,
) -> list[Record]:
    """A finished record of every trial, with the test score that `score` gives."""
    start = [Trial(task=t, architecture=a, seed=s) for t, a, s in product(tasks, architectures, range(seeds))]
    arms = [dict(zip(factors, levels, strict=True)) for levels in product(*factors.values())]
    return [_record(trial, score(trial)) for one, arm in product(start, arms) for trial in [one.moved(arm)]]


@pytest.fixture(scope="session")
def record() -> Callable[..., Record]:
    return _record


@pytest.fixture(scope="session")
def factorial() -> Callable[..., list[Record]]:
    return _factorial
