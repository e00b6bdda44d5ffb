"""A study: one question, and the plain data that says which trials answer it."""

import math
from itertools import product
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator, model_validator

from suite import catalog
from suite.analysis.sequential import check as check_looks
from suite.claim import Claim
from suite.design import DesignName, design, leaves_any, points
from suite.designs.point import Point
from suite.resources import Resources, checked
from suite.trial import Size, Trial, explain

MOST_TRIALS = 1_000_000
MOST = {  # of a setting; far beyond what anybody trains, and far below what would stop a machine
    "width": 10**6,
    "depth": 10**4,
    "patch": 10**6,
    "heads": 10**6,
    "kernel": 10**6,
    "dilation": 10**6,
    "dropout_samples": 10**4,
    "steps": 10**9,
    "batch": 10**8,
    "patience": 10**9,
}
UNTIL_DECIDED: Final = "until-decided"
COSTLY = {  # the settings that move what arms are to be equal in
    "none": (),
    "parameters": tuple(Size.model_fields),
    "flops": (*Size.model_fields, "steps", "batch"),
}


class StudyError(ValueError):
    """A study that cannot be run as it is written; the message names the valid choices."""

    exit_code = 2


class Study(BaseModel):
    """A question and its experiment.

    `factors` maps a factor to the levels compared; the first level is the reference that effects are
    measured from. `baseline` sets everything else where the defaults are not wanted. Every arm runs on
    the same `seeds` blocks of random draws, numbered from 0. With seeds "until-decided", blocks are added at the
    pre-declared `looks` until every effect is decided or known to be smaller than `margin`.

    Combinations of levels that make no sense are `forbidden`. `claims` are hypotheses, stated before the study is run.
    Instead of tasks crossed with architectures, a study may have `rows`: "task architecture" and the settings of that
    row, on top of the baseline.

    With `tune`, every arm is first tried at the same points of these settings, on a block of its own, and goes on with
    the point that is best on validation (suite/search.py).

    With `match`, the width of every arm and architecture is chosen so that it has the parameters, or training FLOPs, of
    the task's reference: the first architecture that takes the task, at the first level of every factor. A setting
    that an architecture ignores stands at its default there, so that no network is trained twice under two names.

    Every trial is given the `resources`: processes, and cores and accelerators for each of them (suite/resources.py).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    question: str
    tasks: tuple[str, ...] = ()
    architectures: tuple[str, ...] = ()
    rows: dict[str, dict[str, Any]] = {}
    factors: dict[str, tuple[Any, ...]] = {}
    design: DesignName = "factorial"
    forbidden: tuple[dict[str, Any], ...] = ()
    tune: dict[str, tuple[Any, ...]] = {}
    baseline: dict[str, Any] = {}
    seeds: int | Literal["until-decided"] = 5
    looks: tuple[Annotated[int, Field(strict=True, ge=2)], ...] = (4, 8, 12, 16, 20)
    margin: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 0.0
    claims: tuple[Claim, ...] = ()
    match: Literal["none", "parameters", "flops"] = "none"
    resources: Annotated[Resources, BeforeValidator(checked)] = Resources()

    def __init__(self, /, **fields: Any) -> None:
        try:
            super().__init__(**fields)
        except ValidationError as error:
            raise StudyError(explain(error, Study)) from None

    @field_validator("tasks", "architectures", "factors", "tune", mode="before")
    @classmethod
    def _in_order(cls, given: Any) -> Any:
        for values in (given, *(given.values() if isinstance(given, dict) else ())):
            if isinstance(values, set | frozenset):
                raise ValueError(f"{values!r} is a set, which has no first and no last; write a list")
        return given

    @field_validator("seeds", mode="before")
    @classmethod
    def _number_of_seeds(cls, given: Any) -> Any:
        if given != UNTIL_DECIDED and (type(given) is not int or given < 1):
            raise ValueError(f"seeds cannot be {given!r}: it should be a whole number from 1, or {UNTIL_DECIDED!r}")
        return given

    @model_validator(mode="before")
    @classmethod
    def _pairs_of_rows(cls, fields: Any) -> Any:
        rows = fields.get("rows")
        if rows and not isinstance(rows, dict):
            raise ValueError(f"rows cannot be {rows!r}: they map a task, a space and an architecture to settings")
        if not rows:
            for key in ("tasks", "architectures"):
                if key not in fields:
                    raise ValueError(f"the key {key!r} is missing")
            return fields
        if fields.get("tasks") or fields.get("architectures"):
            raise ValueError("rows name their tasks and architectures; give one or the other")
        for row in rows:
            if not isinstance(row, str) or len(row.split(" ")) != 2:
                raise ValueError(f"a row is named by a task, a space and an architecture; got {row!r}")
        tasks, architectures = zip(*(row.split(" ") for row in rows), strict=True)
        return {**fields, "tasks": tuple(dict.fromkeys(tasks)), "architectures": tuple(dict.fromkeys(architectures))}

    @model_validator(mode="after")
    def _check(self) -> Self:
        _distinct("tasks", self.tasks)
        _distinct("architectures", self.architectures)
        for name in self.tasks:
            known("task", name, catalog.task_names())
        for name in self.architectures:
            known("architecture", name, catalog.architecture_names())
        for name, levels in (*self.factors.items(), *self.tune.items()):
            if not levels:
                raise ValueError(f"levels of {name}: there must be at least one")
        if self.seeds == UNTIL_DECIDED:
            check_looks(self.looks)
        if self.size > MOST_TRIALS:
            raise ValueError(f"this study has {self.size:,} trials; the limit is {MOST_TRIALS:,}")
        for name, levels in (*self.factors.items(), *self.tune.items()):
            for level in levels:
                _can_be_run({name: level})
            _distinct(f"levels of {name}", levels)
        for settings in (self.baseline, *self.rows.values(), *self.forbidden):
            _can_be_run(settings)
        if self.forbidden and not leaves_any(self.design, self.factors, self.forbidden):
            raise ValueError("what is forbidden leaves no arm; forbid fewer combinations of levels")
        if self.match != "none" and "width" in self.factors:
            raise ValueError(f"match {self.match!r} chooses the width, so width cannot be a factor")
        costly = [name for name in self.tune if name in COSTLY[self.match]]
        if costly:
            raise ValueError(f"match {self.match!r} makes arms equal in {self.match}, so {costly[0]} cannot be tuned")
        if self.seeds == UNTIL_DECIDED and not self.claims and all(len(levels) < 2 for levels in self.factors.values()):
            raise ValueError(f"{UNTIL_DECIDED} needs something to decide: a factor of two levels or more, or a claim")
        for claim in self.claims:
            _can_be_judged(claim, self)
        both = [name for name in self.baseline if name in self.factors]
        if both:
            raise ValueError(
                f"{both[0]} is in the baseline and in the factors; put its reference level first in factors"
            )
        both = [name for name in self.tune if name in self.factors or name in self.baseline]
        if both:
            raise ValueError(f"{both[0]} is tuned, so it is neither a factor nor in the baseline")
        return self

    @property
    def reference(self) -> Point:
        """The level of each factor that effects are measured from."""
        return {name: levels[0] for name, levels in self.factors.items()}

    @property
    def size(self) -> int:
        """Trials at most, counted without making them."""
        tried = math.prod(map(len, self.tune.values())) if self.tune else 0
        return len(self.pairs) * points(self.design, self.factors) * (tried + self.most_seeds)

    @property
    def most_seeds(self) -> int:
        """The number of seeds, or the last look."""
        return self.looks[-1] if self.seeds == UNTIL_DECIDED else self.seeds

    @property
    def goes_on(self) -> bool:
        """Whether what is run next depends on what was found before."""
        return bool(self.tune) or self.seeds == UNTIL_DECIDED

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Every task and architecture that meet, whether they can or not."""
        if self.rows:
            return tuple((task, architecture) for task, architecture in (row.split(" ") for row in self.rows))
        return tuple(product(self.tasks, self.architectures))

    def with_seeds(self, seeds: int) -> Self:
        """The same study on another number of seeds."""
        given = self.model_dump(exclude={"tasks", "architectures"} if self.rows else None)
        return type(self)(**{**given, "seeds": seeds})

    def arms(self) -> list[Point]:
        """The design's points, each once, in its order."""
        return list(design(self.design, self.factors, self.forbidden))


_anywhere = Trial(task="", architecture="")


def _can_be_run(settings: dict[str, Any]) -> None:
    """Raise ValueError for a setting or a level that does not exist, or a number that no machine has room for."""
    _anywhere.moved(settings)
    for name, most in MOST.items():
        if name in settings and settings[name] > most:
            raise ValueError(f"{name} cannot be {settings[name]}: {most:,} at most")


def _can_be_judged(claim: Claim, study: Study) -> None:
    """Raise ValueError unless the study runs what the claim compares."""
    levels = {**study.factors, "architecture": study.architectures}
    compared: dict[str, tuple[Any, ...]] = {claim.factor: (claim.level, claim.reference)}
    compared |= {claim.by: (claim.by_level, claim.by_reference)} if claim.by else {}
    compared |= {name: (level,) for name, level in claim.within.items()}
    for name, asked in compared.items():
        if name not in levels:
            raise ValueError(f"claim {claim.id}: the study moves no {name!r}; it moves {', '.join(levels)}")
        for level in asked:
            if level not in levels[name]:
                raise ValueError(
                    f"claim {claim.id}: {name} {level} is not run; one of {', '.join(map(str, levels[name]))}"
                )
    for kind, names, known in (
        ("task", claim.tasks, study.tasks),
        ("architecture", claim.architectures, study.architectures),
    ):
        for name in names:
            if name not in known:
                raise ValueError(f"claim {claim.id}: no {kind} {name!r} in the study; one of {', '.join(known)}")


def known(kind: str, name: str, names: tuple[str, ...]) -> None:
    """Raise StudyError with the valid choices unless the name is one of them."""
    try:
        catalog.check(kind, name, names)
    except LookupError as error:
        raise StudyError(str(error.args[0])) from None


def _distinct(what: str, values: tuple[Any, ...]) -> None:
    if not values:
        raise ValueError(f"{what}: there must be at least one")
    seen: set[Any] = set()
    for value in values:
        if value in seen:
            raise ValueError(f"{what}: {value!r} is there twice")
        seen.add(value)
