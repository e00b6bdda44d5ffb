"""The record of a trial that could not say for itself how it ended."""

from typing import Literal

from suite import catalog
from suite.plan import execution
from suite.record import UNAVAILABLE, Cost, Outcome, Record, Result
from suite.settings import Settings
from suite.signals import Interrupted
from suite.trial import Trial


def no_answer(trial: Trial, how: Literal["crashed", "timed_out", "took Ray down"], settings: Settings) -> Record:
    """The record of a trial that could not say for itself how it ended."""
    from suite.data import data
    from suite.provenance import provenance

    task = catalog.task(trial.task)
    try:
        content = data(trial.task, trial.seed).fingerprint
    except Interrupted:
        raise
    except Exception:  # whatever loading it raises, the trial has ended as it has
        content = UNAVAILABLE
    mode = execution(trial, settings.fused, settings.place)
    outcome: Outcome = "timed_out" if how == "timed_out" else "crashed"
    messages = {
        "crashed": "its worker died twice, the second time with no other trial on it",
        "took Ray down": "Ray was lost while it ran, again and again, and at last with no other trial beside it",
        "timed_out": f"it did not end within {settings.deadline:g} seconds",
    }
    return Record(
        trial=trial,
        metric=task.metric,
        chance=task.chance,
        result=Result(outcome=outcome, steps=0, message=messages[how]),
        cost=Cost(seconds=settings.deadline if outcome == "timed_out" else 0.0),
        provenance=provenance(trial.task, trial.architecture, content, mode),
    )
