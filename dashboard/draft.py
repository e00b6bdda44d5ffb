"""A study as somebody is writing it: from the words of a form to a Study, and to the files that hold it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any, get_args, get_origin

from suite.claim import Claim
from suite.resources import Resources
from suite.store import SAFE_NAME
from suite.study import UNTIL_DECIDED, Study, StudyError
from suite.trial import KINDS, Level

FIELDS = {name: kind.model_fields[name] for kind in KINDS.values() for name in kind.model_fields}
LINE = 100  # characters of a line in the file
MOST_CLAIMS = 10  # in a form


@dataclass(frozen=True)
class Draft:
    """What a form holds. `factors`, `tune` and `baseline` have levels as they are, not as words.

    `rows` are pairs of those tasks and architectures, where not all of them are to meet, or where some have settings of
    their own. With `looks`, seeds are added until all is decided.
    """

    name: str
    question: str
    tasks: tuple[str, ...] = ()
    architectures: tuple[str, ...] = ()
    factors: Mapping[str, tuple[Level, ...]] = field(default_factory=dict)
    baseline: Mapping[str, Level] = field(default_factory=dict)
    design: str = "factorial"
    seeds: int = 5
    match: str = "none"
    rows: Mapping[str, Mapping[str, Level]] = field(default_factory=dict)
    forbidden: tuple[Mapping[str, Level], ...] = ()
    tune: Mapping[str, tuple[Level, ...]] = field(default_factory=dict)
    looks: tuple[int, ...] = ()
    margin: float = 0.0
    claims: tuple[Claim, ...] = ()
    resources: Resources = field(default_factory=Resources)


def named(factor: str) -> tuple[str, ...]:
    """The levels of a factor that has names; () for one of numbers."""
    kind = FIELDS[factor].annotation
    return tuple(map(str, get_args(kind))) if get_origin(kind) else ()


def default(factor: str) -> Level:
    """Where a setting stands that nobody moves."""
    found: Level = FIELDS[factor].default
    return found


def numbers(factor: str, words: str) -> tuple[Level, ...]:
    """The numbers in "2, 8". StudyError where one is none."""
    whole = FIELDS[factor].annotation is int
    try:
        return tuple(int(word) if whole else float(word) for word in words.replace(",", " ").split())
    except ValueError:
        kind = "whole numbers" if whole else "numbers"
        raise StudyError(f"the levels of {factor} are {kind}, such as {default(factor)}; got {words!r}") from None


def study(draft: Draft) -> Study:
    """The study that the draft is. StudyError, in one sentence, while it is none."""
    if not SAFE_NAME.fullmatch(draft.name):
        raise StudyError(f"{draft.name!r} cannot name a study; use up to 64 letters, digits, dashes and underscores")
    for what, there in (("task", draft.tasks), ("architecture", draft.architectures)):
        if not there:
            raise StudyError(f"a study needs {'an' if what[0] in 'aeiou' else 'a'} {what}; choose at least one")
    for how, moved in (("varied", draft.factors), ("tuned", draft.tune)):
        for factor, levels in moved.items():
            if len(levels) < 2:
                raise StudyError(f"{factor} is {how}, so it needs two levels or more")
    return Study(**fields(draft))


def fields(draft: Draft) -> dict[str, Any]:
    """What the study's file says; settings that stand at their default are left out."""
    said: dict[str, Any] = {
        "question": draft.question.strip() or f"What does {draft.name} show?",
        **({"rows": {pair: dict(own) for pair, own in draft.rows.items()}} if draft.rows else _crossed(draft)),
        "factors": dict(draft.factors),
        "design": draft.design,
        "forbidden": tuple(map(dict, draft.forbidden)),
        "tune": dict(draft.tune),
        "baseline": dict(draft.baseline),
        "seeds": UNTIL_DECIDED if draft.looks else draft.seeds,
        "looks": draft.looks,
        "margin": draft.margin,
        "match": draft.match,
        "claims": tuple(claim.model_dump(exclude_defaults=True) for claim in draft.claims),
        "resources": draft.resources.model_dump(exclude_defaults=True),
    }
    plain: dict[str, Any] = {"factors": {}, "baseline": {}, "tune": {}, "match": "none", "design": "factorial"}
    plain |= {"forbidden": (), "looks": (), "margin": 0.0, "claims": (), "resources": {}}
    return {name: value for name, value in said.items() if name not in plain or value != plain[name]}


def _crossed(draft: Draft) -> dict[str, tuple[str, ...]]:
    return {"tasks": draft.tasks, "architectures": draft.architectures}


def as_json(draft: Draft) -> str:
    return json.dumps(fields(draft), indent=2, ensure_ascii=False) + "\n"


def as_python(draft: Draft) -> str:
    """A file for ablations/, or to be swept where it lies. Words of people stand in it as literals."""
    said = fields(draft)
    claims = said.pop("claims", ())
    lines = [f"    {name}={_literal(value)}," for name, value in said.items() if name != "question"]
    if claims:
        lines += ["    claims=(", *(f"        {_claim(claim)}," for claim in claims), "    ),"]
    imports = [*(["from suite.claim import Claim"] if claims else []), "from suite.study import Study"]
    head = [json.dumps(said["question"], ensure_ascii=False), "", *imports, ""]
    return "\n".join([*head, "STUDY = Study(", "    question=__doc__,", *lines, ")", ""])


def address(name: str, study: Study) -> dict[str, str | list[str]]:
    """The form's part of the address that stands for a study, with ten claims at most."""
    offered = combinations(study.factors)
    query: dict[str, str | list[str]] = {
        "new_name": f"my_{name}",
        "new_question": study.question.strip(),
        "new_tasks": list(study.tasks),
        "new_architectures": list(study.architectures),
        "new_vary": list(study.factors),
        "new_design": study.design,
        "new_fix": list(study.baseline),
        "new_seeds": str(study.most_seeds),
        "new_match": study.match,
        "new_rows": list(study.rows),
        "new_tune": list(study.tune),
        "new_own": [pair for pair, own in study.rows.items() if own],
        "new_forbidden": [combination(one) for one in study.forbidden if combination(one) in offered],
        "new_never": "; ".join(combination(one) for one in study.forbidden if combination(one) not in offered),
        "new_looks": ", ".join(map(str, study.looks)) if study.seeds == UNTIL_DECIDED else "",
        "new_until": "true" if study.seeds == UNTIL_DECIDED else "",
        "new_margin": str(study.margin) if study.margin else "",
    }
    moved = [("vary", factor, levels) for factor, levels in study.factors.items()]
    moved += [("tune", factor, levels) for factor, levels in study.tune.items()]
    for how, factor, levels in moved:
        query[f"{how}_{factor}"] = [str(level) for level in levels] if named(factor) else ", ".join(map(str, levels))
    query |= {f"fix_{factor}": str(level) for factor, level in study.baseline.items()}
    query |= {f"row_{pair}": combination(own) for pair, own in study.rows.items()}
    needs = study.resources.model_dump(exclude_defaults=True)
    query |= {"new_needs": "true" if needs else "", **{f"new_{name}": str(amount) for name, amount in needs.items()}}
    held = study.claims[:MOST_CLAIMS]
    query["new_claims"] = str(len(held) or "")
    for place, claim in enumerate(held, start=1):
        query |= {f"claim{place}_{name}": value for name, value in _asked(claim, place).items()}
    return {key: value for key, value in query.items() if value}


def _asked(claim: Claim, place: int) -> dict[str, str | list[str]]:
    """A claim as the words of its part of the form."""
    said: dict[str, str | list[str]] = {"id": claim.id if claim.id != f"C{place}" else "", "says": claim.says}
    said |= {"factor": claim.factor, "from": str(claim.reference), "to": str(claim.level)}
    said |= {"expects": claim.expects, "source": claim.source, "margin": str(claim.margin or "")}
    if claim.by is not None:
        said |= {"by": claim.by, "by_from": str(claim.by_reference), "by_to": str(claim.by_level)}
    places = {"tasks": list(claim.tasks), "architectures": list(claim.architectures)}
    return said | {"within": combination(claim.within), **places}


def settings(words: str, also: Mapping[str, Sequence[Level]] = MappingProxyType({})) -> dict[str, Level]:
    """The levels in "norm none, depth 8". StudyError where a setting or its level is none.

    `also` are names besides those of settings, each with its levels.
    """
    found: dict[str, Level] = {}
    for part in filter(None, (part.strip() for part in words.split(","))):
        name, _, word = part.partition(" ")
        if name not in FIELDS and name not in also:
            near = get_close_matches(name, [*FIELDS, *also], n=1)
            raise StudyError(f"there is no setting {name!r}" + (f"; did you mean {near[0]!r}?" if near else ""))
        there = [str(level) for level in also.get(name, ())] or list(named(name))
        if there and word not in there:
            raise StudyError(f"{name} is one of {', '.join(there)}; got {word!r}")
        levels = (word,) if there else numbers(name, word)
        if len(levels) != 1:
            raise StudyError(f"{part!r} is no setting with one level, such as {name} {default(name)}")
        found[name] = levels[0]
    return found


def combination(levels: Mapping[str, Level]) -> str:
    """Levels that are not to meet, in words: norm none, depth 8."""
    return ", ".join(f"{factor} {level}" for factor, level in levels.items())


def combinations(factors: Mapping[str, Sequence[Level]]) -> dict[str, dict[str, Level]]:
    """Every two levels of different factors, by their words."""
    pairs = [
        {one: level, other: beside}
        for place, one in enumerate(factors)
        for other in list(factors)[place + 1 :]
        for level in factors[one]
        for beside in factors[other]
    ]
    return {combination(pair): pair for pair in pairs}


def _claim(said: Mapping[str, Any]) -> str:
    """A claim as a call, an argument a line."""
    inside = "".join(f"            {name}={_literal(value)},\n" for name, value in said.items())
    return f"Claim(\n{inside}        )"


def _literal(value: Any) -> str:
    """Plain data as Python writes it, with double quotes, and over several lines where it is long."""
    if isinstance(value, dict):
        inside = [f"{json.dumps(key)}: {_literal(item)}" for key, item in value.items()]
        short = "{" + ", ".join(inside) + "}"
        return short if len(short) <= LINE else "{\n" + "".join(f"        {item},\n" for item in inside) + "    }"
    if isinstance(value, tuple | list):
        return _row([_literal(item) for item in value])
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def _row(items: Sequence[str]) -> str:
    return f"({', '.join(items)}{',' if len(items) == 1 else ''})"
