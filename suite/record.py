"""A record: what a trial gave, and what gave it. One JSON line, the same in ledger, leaderboard and tests."""

import hashlib
from typing import Literal, Self, get_args

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass

from suite.trial import Plain, Trial, canonical

SCHEMA = 1
SOLO = "solo"  # execution of a trial that is trained by itself, which is how all are trained unless told otherwise
UNAVAILABLE = "unavailable"  # instead of the data's fingerprint, where it could not be loaded

Outcome = Literal["finished", "diverged", "failed", "timed_out", "out_of_memory", "crashed", "invalid"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)


# A third of a model's size, with the rules of suite.trial.Plain.
@dataclass(frozen=True, slots=True, config=ConfigDict(extra="forbid", strict=True, allow_inf_nan=False))
class Point:
    """Where training stood after `step` steps.

    `loss` is the mean since the last point, `valid` the score on the first examples of valid, at most 256.
    """

    step: int
    loss: float
    valid: float


class Result(Plain):
    """The part that is the same, bit for bit, whenever the trial runs again in the same numerics class."""

    outcome: Outcome
    steps: int
    valid: float | None = None
    test: float | None = None
    curve: tuple[Point, ...] = ()
    weights: str | None = None  # hash of the final parameters and buffers
    message: str | None = None  # why it did not finish

    @property
    def digest(self) -> str:
        return hashlib.sha256(canonical(self.model_dump()).encode()).hexdigest()[:16]


class Cost(Plain):
    """What it took. Seconds are the trial's own, on one core; memory is the worker's peak so far."""

    parameters: int = 0
    flops: int = 0  # of matrix products and convolutions, forward and backward, over all training steps
    seconds: float = 0.0
    peak_memory_mb: float = 0.0


class Provenance(Plain):
    """What gave the score: code, data, environment, machine."""

    source: str  # hash of the files that decide the score
    data: str  # hash of the arrays trained and scored on
    numerics: dict[str, str]
    libraries: dict[str, str]  # versions of those that the files import
    lock: str | None = None  # hash of the pinned versions
    commit: str | None = None
    dirty: bool | None = None
    python: str = ""
    host: str = ""

    @property
    def execution(self) -> str:
        """How it was run: alone, or how many were trained together."""
        return self.numerics.get("execution", SOLO)

    @property
    def answered_by(self) -> str:
        """A hash of everything that can change the result of the same trial."""
        decides = [self.source, self.data, self.numerics, self.libraries]
        return hashlib.sha256(canonical(decides).encode()).hexdigest()[:16]

    def moved(self, now: "Provenance") -> tuple[tuple[str, str, str], ...]:
        """What of it is another one in `now`, as (what, then, now)."""
        pairs = (
            ("source", self.source, now.source),
            ("data", self.data, now.data),
            ("numerics", *_difference(self.numerics, now.numerics)),
            ("libraries", *_difference(self.libraries, now.libraries)),
        )
        return tuple(pair for pair in pairs if pair[1] != pair[2])


def _difference(then: dict[str, str], now: dict[str, str]) -> tuple[str, str]:
    keys = [key for key in sorted(then | now) if then.get(key) != now.get(key)]
    before, after = (", ".join(f"{key} {side.get(key, 'none')}" for key in keys) for side in (then, now))
    return before, after


class Record(Plain):
    """One trial's answer: what was asked, what came out, what it took, and what gave it.

    `metric` and `chance` are the task's: the name of the score, and the score of the best constant answer.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True, allow_inf_nan=False)

    trial: Trial
    metric: str
    chance: float
    result: Result
    cost: Cost
    provenance: Provenance
    schema_version: int = SCHEMA

    @property
    def id(self) -> str:
        return self.trial.id

    @property
    def outcome(self) -> Outcome:
        return self.result.outcome

    @property
    def answered_by(self) -> str:
        return self.provenance.answered_by

    def to_json(self) -> str:
        """One line of JSON, the id first."""
        return f'{{"id":"{self.id}",{self.model_dump_json()[1:]}'

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """The record that `to_json` wrote. Raises pydantic's ValidationError, a ValueError, for anything else."""
        return cls.model_validate_json(text)
