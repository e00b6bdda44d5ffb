"""A study: one question, and the plain data that says which trials answer it."""

import json
import math
import runpy
from collections import Counter
from itertools import product
from pathlib import Path
from typing import Annotated, Any, Final, Literal, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from suite import catalog
from suite.analysis.sequential import check as check_looks
from suite.bulk import bulk
from suite.claim import Claim
from suite.design import DesignName, design, points
from suite.designs.point import Point
from suite.trial import Size, Trial, explain

MOST_TRIALS = 1_000_000
UNTIL_DECIDED: Final = "until-decided"
MOST_BYTES = 1_000_000  # of a study in JSON
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

    def __init__(self, **fields: Any) -> None:
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
            _known("task", name, catalog.task_names())
        for name in self.architectures:
            _known("architecture", name, catalog.architecture_names())
        if self.size > MOST_TRIALS:
            raise ValueError(f"this study has {self.size:,} trials; the limit is {MOST_TRIALS:,}")
        for name, levels in (*self.factors.items(), *self.tune.items()):
            for level in levels:
                _anywhere.moved({name: level})
            _distinct(f"levels of {name}", levels)
        _anywhere.moved(self.baseline)
        for settings in self.rows.values():
            _anywhere.moved(settings)
        for pair in self.forbidden:
            _anywhere.moved(pair)
        if self.match != "none" and "width" in self.factors:
            raise ValueError(f"match {self.match!r} chooses the width, so width cannot be a factor")
        costly = [name for name in self.tune if name in COSTLY[self.match]]
        if costly:
            raise ValueError(f"match {self.match!r} makes arms equal in {self.match}, so {costly[0]} cannot be tuned")
        if self.seeds == UNTIL_DECIDED:
            check_looks(self.looks)
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


class Impossible(NamedTuple):
    """A pair of a study that cannot meet, at all or with some tricks; why, and how many trials that leaves out."""

    task: str
    architecture: str
    reason: str
    trials: int


def trials(study: Study) -> tuple[Trial, ...]:
    """The trials of a study, each once. Seed by seed, so that an interrupted study still has whole blocks.

    Of one that tunes, see suite/search.py.
    """
    assert not study.tune, "which trials these are is found by a search"
    with bulk():
        seeds, found = range(study.most_seeds), arms(study)
        asked = (arm.model_copy(update={"seed": seed}) for seed in seeds for arm in found)
        return tuple({trial.id: trial for trial in asked}.values())


def impossible(study: Study) -> tuple[Impossible, ...]:
    """What the study names and the catalogue refuses: pairs of task and architecture, and tricks they cannot have."""
    found = list[Impossible]()
    for pair in study.pairs:
        reasons = Counter(reason for _, reason in _arms(study, pair) if reason)
        found += (Impossible(*pair, reason, count * study.most_seeds) for reason, count in reasons.items())
    return tuple(found)


def inert(study: Study) -> dict[str, tuple[str, ...]]:
    """For each architecture that ignores settings of the study, those; its arms that differ in them alone are one."""
    ignored = {name: catalog.ignored(name) for name in study.architectures}
    named = {**study.factors, **study.baseline}
    moved = {name: tuple(factor for factor in named if factor in ignored[name]) for name in ignored}
    return {name: factors for name, factors in moved.items() if factors}


def arms(study: Study) -> tuple[Trial, ...]:
    """The arms that can be run, pair by pair, at seed 0."""
    found = {pair: [arm for arm, reason in _arms(study, pair) if not reason] for pair in study.pairs}
    if study.match != "none":
        found = _matched(study, found)
    return tuple(arm for pair in found for arm in found[pair])


def refusal(arm: Trial) -> str | None:
    """Why the architecture or the task cannot have the levels of this arm, or None if they can."""
    from suite.tricks.refusal import refusal  # imports torch, as every architecture does

    return catalog.refused_level(arm.architecture, arm.levels) or refusal(arm.tricks, catalog.task(arm.task))


def _arms(study: Study, pair: tuple[str, str]) -> list[tuple[Trial, str | None]]:
    """Each arm as a trial of that pair, and why it cannot be run, if so."""
    refused = catalog.refusal(*pair)
    arms = [_arm(study, pair, levels) for levels in study.arms()]
    return [(arm, refused or refusal(arm)) for arm in arms]


def _arm(study: Study, pair: tuple[str, str], levels: Point) -> Trial:
    task, architecture = pair
    own = study.rows.get(" ".join(pair), {})
    settings = {**study.baseline, **own, **levels}
    kept = {name: level for name, level in settings.items() if name not in catalog.ignored(architecture)}
    return _anywhere.moved(kept).model_copy(update={"task": task, "architecture": architecture})


def _matched(study: Study, arms: dict[tuple[str, str], list[Trial]]) -> dict[tuple[str, str], list[Trial]]:
    from suite.match import NoMatch, match  # imports torch, which is not needed where nothing is matched

    assert study.match != "none"
    references: dict[str, Trial] = {}
    for pair, asked in arms.items():
        if asked:
            references.setdefault(pair[0], _arm(study, pair, study.reference))
    found: dict[tuple[str, str], list[Trial]] = {}
    for pair, asked in arms.items():
        try:
            widths = [match(study.match, arm, references[pair[0]]).width for arm in asked]
        except NoMatch as error:
            raise StudyError(str(error)) from None
        found[pair] = [arm.moved({"width": width}) for arm, width in zip(asked, widths, strict=True)]
    return found


def load(name: str) -> tuple[str, Study]:
    """The study of that name in ablations/, or in the .py or .json file at that path; with its name.

    Raises StudyError, in one sentence, for a name that does not exist or a file that is no study.
    """
    path = Path(name)
    if path.suffix not in (".py", ".json"):
        _known("study", name, catalog.study_names())
        path = catalog.root("ablations") / f"{name}.py"
    if not _is_file(path):
        raise StudyError(
            f"no file {path}; a study is a name ({', '.join(catalog.study_names())}) or a .py or .json file"
        )
    return path.stem, _from_json(path) if path.suffix == ".json" else _from_python(path)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name that is too long to be one
        return False


def _from_json(path: Path) -> Study:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise StudyError(f"{path} has more than {MOST_BYTES:,} bytes; no study is that long")
        text = path.read_text(encoding="utf-8")
        fields = json.loads(text, object_pairs_hook=_once, parse_constant=_finite, parse_float=_finite)
    except StudyError:
        raise
    except RecursionError:
        raise StudyError(f"{path} is nested too deeply to be a study") from None
    except (ValueError, OSError) as error:
        raise StudyError(f"{path} is not JSON: {error}") from None
    if not isinstance(fields, dict):
        raise StudyError(f"{path} must hold one JSON object, the fields of a study: {', '.join(Study.model_fields)}")
    try:
        return Study(**fields)
    except StudyError as error:
        raise StudyError(f"{path}: {error}") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object, in which Python would let the last of two equal keys win without a word."""
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        raise ValueError(f"the key {next(key for key in keys if keys.count(key) > 1)!r} is there twice")
    return found


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is not a finite number")
    return number


def _from_python(path: Path) -> Study:
    try:
        study = runpy.run_path(str(path)).get("STUDY")
    except StudyError as error:
        raise StudyError(f"{path}: {error}") from None
    except (Exception, SystemExit) as error:  # a study file is anybody's code; whatever it raises is the answer
        raise StudyError(f"{path} does not import: {type(error).__name__}: {error}") from None
    if not isinstance(study, Study):
        raise StudyError(f"{path} exports no STUDY; it must have STUDY = Study(question=..., tasks=..., ...)")
    return study


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


def _known(kind: str, name: str, names: tuple[str, ...]) -> None:
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
