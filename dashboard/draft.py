"""A study as somebody is writing it: from the words of a form to a Study, and to the files that hold it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, get_args, get_origin

from suite.store import SAFE_NAME
from suite.study import Study, StudyError
from suite.trial import KINDS, Level

FIELDS = {name: kind.model_fields[name] for kind in KINDS.values() for name in kind.model_fields}
LINE = 100  # characters of a line in the file


@dataclass(frozen=True)
class Draft:
    """What a form holds. `factors` and `baseline` have levels as they are, not as words."""

    name: str
    question: str
    tasks: tuple[str, ...] = ()
    architectures: tuple[str, ...] = ()
    factors: Mapping[str, tuple[Level, ...]] = field(default_factory=dict)
    baseline: Mapping[str, Level] = field(default_factory=dict)
    design: str = "factorial"
    seeds: int = 5
    match: str = "none"


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
    for factor, levels in draft.factors.items():
        if len(levels) < 2:
            raise StudyError(f"{factor} is varied, so it needs two levels or more")
    return Study(**fields(draft))


def fields(draft: Draft) -> dict[str, Any]:
    """What the study's file says; settings that stand at their default are left out."""
    said: dict[str, Any] = {
        "question": draft.question.strip() or f"What does {draft.name} show?",
        "tasks": draft.tasks,
        "architectures": draft.architectures,
        "factors": dict(draft.factors),
        "design": draft.design,
        "baseline": dict(draft.baseline),
        "seeds": draft.seeds,
        "match": draft.match,
    }
    plain = {"factors": {}, "baseline": {}, "match": "none", "design": "factorial"}
    return {name: value for name, value in said.items() if name not in plain or value != plain[name]}


def as_json(draft: Draft) -> str:
    return json.dumps(fields(draft), indent=2, ensure_ascii=False) + "\n"


def as_python(draft: Draft) -> str:
    """A file for ablations/, or to be swept where it lies. Words of people stand in it as literals."""
    said = fields(draft)
    lines = [f"    {name}={_literal(value)}," for name, value in said.items() if name != "question"]
    head = [json.dumps(said["question"], ensure_ascii=False), "", "from suite.study import Study", ""]
    return "\n".join([*head, "STUDY = Study(", "    question=__doc__,", *lines, ")", ""])


def address(name: str, study: Study) -> dict[str, str | list[str]]:
    """The form's part of the address that stands for a study, as far as a form can hold it."""
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
    }
    for factor, levels in study.factors.items():
        query[f"vary_{factor}"] = [str(level) for level in levels] if named(factor) else ", ".join(map(str, levels))
    query |= {f"fix_{factor}": str(level) for factor, level in study.baseline.items()}
    return {key: value for key, value in query.items() if value}


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
