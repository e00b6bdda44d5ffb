"""A part of a study: some of its tasks, architectures and levels, named as KEY=VALUE."""

from collections.abc import Callable, Sequence
from typing import Any

from suite import catalog
from suite.claim import Claim
from suite.study import Study, StudyError

TASK, ARCHITECTURE = "task", "architecture"


def subset(study: Study, only: Sequence[str] = (), skip: Sequence[str] = ()) -> Study:
    """The study with what `only` names and without what `skip` names; each is KEY=VALUE.

    A KEY is `task`, `architecture` or a factor. Values of one key add up, keys narrow each other. A task may be named
    by its data type. Claims about what is left out are left out. Raises StudyError, naming the valid choices.
    """
    if not only and not skip:
        return study
    kept = {
        key: _kept(key, choices, _values(study, only)[key], _values(study, skip)[key])
        for key, choices in _keys(study).items()
    }
    fields = study.model_dump(exclude={"tasks", "architectures", "claims"})
    fields["factors"] = {name: kept[name] for name in study.factors}
    if study.rows:
        pairs = {row: row.split(" ") for row in study.rows}
        fields["rows"] = {
            row: study.rows[row]
            for row, (task, mixer) in pairs.items()
            if task in kept[TASK] and mixer in kept[ARCHITECTURE]
        }
    else:
        fields |= {"tasks": kept[TASK], "architectures": kept[ARCHITECTURE]}
    part = Study(**fields, claims=tuple(claim for claim in study.claims if _is_about(claim, fields)))
    _refuse_other_widths(study, part)
    return part


def _keys(study: Study) -> dict[str, tuple[Any, ...]]:
    return {TASK: study.tasks, ARCHITECTURE: study.architectures, **study.factors}


def _values(study: Study, words: Sequence[str]) -> dict[str, list[str]]:
    """What is named of each key."""
    named: dict[str, list[str]] = {key: [] for key in _keys(study)}
    for word in words:
        key, equals, value = word.partition("=")
        if not equals:
            raise StudyError(f"{word!r} names no part; write KEY=VALUE, as in {TASK}={study.tasks[0]}")
        _check("key", key, tuple(named))
        if not any(_matches(key, value)(choice) for choice in _keys(study)[key]):
            _check(key, value, tuple(map(str, _keys(study)[key])))
        named[key].append(value)
    return named


def _kept(key: str, choices: tuple[Any, ...], only: list[str], skip: list[str]) -> tuple[Any, ...]:
    wanted = [one for one in choices if not only or any(_matches(key, value)(one) for value in only)]
    left = tuple(one for one in wanted if not any(_matches(key, value)(one) for value in skip))
    if not left:
        raise StudyError(f"no {key} is left of {', '.join(map(str, choices))}")
    return left


def _matches(key: str, value: str) -> Callable[[Any], bool]:
    return lambda choice: str(choice) == value or (key == TASK and choice.startswith(f"{value}/"))


def _check(kind: str, name: str, known: tuple[str, ...]) -> None:
    try:
        catalog.check(kind, name, known)
    except LookupError as error:
        raise StudyError(str(error.args[0])) from None


def _is_about(claim: Claim, fields: dict[str, Any]) -> bool:
    """Whether the part still runs what the claim compares."""
    try:
        Study(**fields, claims=(claim,))
    except StudyError:
        return False
    return True


def _refuse_other_widths(study: Study, part: Study) -> None:
    """With `match`, widths follow a reference, without which the part would be made of other trials."""
    if study.match != "none" and (
        study.reference != part.reference or _firsts(study) | _firsts(part) != _firsts(study)
    ):
        raise StudyError(
            f"the study matches the {study.match} of every network with the first architecture of each task "
            "at the first levels, so these cannot be left out"
        )


def _firsts(study: Study) -> dict[str, str]:
    """The first architecture that takes each task."""
    found: dict[str, str] = {}
    for task, mixer in study.pairs:
        if catalog.refusal(task, mixer) is None:
            found.setdefault(task, mixer)
    return found
