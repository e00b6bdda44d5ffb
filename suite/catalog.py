"""Names are paths: task "image/digits" is tasks/image/digits.py, study "first" is ablations/first.py.

Nothing registers itself. A file that exists is found, and a file that is found is imported only when
its name is asked for.
"""

import ast
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from tasks.task import DataType, Task

if TYPE_CHECKING:
    from torch import nn

    from suite.trial import Level, Size, Tricks


MOST_NAMED = 12  # choices that an error spells out, the likeliest first


class Architecture(Protocol):
    """What a file in suite/architectures/ offers.

    It may also say CAUSAL = True, if it keeps the future out where a task asks for it, NEEDS_PREFIX = True, if it does
    so only where a prefix is given, and KEEPS_PLACES = False, if its last layer does not have the places of its first.
    IGNORES = ("kernel", ...) names the factors that change nothing in it, on no task that it accepts, and
    REFUSES = {"positions": ("rope", ...)} the levels that it cannot have. UNROLLS = True says that its recurrence goes
    step by step, so that the factor truncate can cut its gradient.
    """

    ACCEPTS: tuple[DataType, ...]

    def build(self, task: Task, size: "Size", tricks: "Tricks") -> "nn.Module":
        """A network for the task: batches of inputs in, (examples, outputs) out."""


def task_names() -> tuple[str, ...]:
    return _names("tasks", "*/*.py")


def architecture_names() -> tuple[str, ...]:
    return _names("suite.architectures", "*.py")


def study_names() -> tuple[str, ...]:
    return _names("ablations", "*.py")


@cache
def task(name: str) -> Task:
    """The task of that name; LookupError names the ones that exist."""
    check("task", name, task_names())
    found = import_module(f"tasks.{name.replace('/', '.')}").TASK
    assert isinstance(found, Task), f"tasks/{name}.py must export TASK, a Task"
    return found


@cache
def architecture(name: str) -> Architecture:
    """The architecture of that name; LookupError names the ones that exist."""
    check("architecture", name, architecture_names())
    return cast(Architecture, import_module(f"suite.architectures.{name}"))


def check(kind: str, name: str, known: tuple[str, ...]) -> None:
    """Raise LookupError with the valid choices, the likeliest first, unless `name` is known."""
    if name not in known:
        close = get_close_matches(name, known, n=MOST_NAMED)
        hint = f"did you mean {close[0]!r}? There is" if close else "there is"
        named = (
            known if len(known) <= MOST_NAMED else [*close, *(one for one in known if one not in close)][:MOST_NAMED]
        )
        more = f" and {len(known) - MOST_NAMED} more: wonderland list" if len(known) > MOST_NAMED else ""
        raise LookupError(f"no {kind} {name!r}; {hint} {', '.join(named)}{more}")


def refusal(task_name: str, architecture_name: str) -> str | None:
    """Why this architecture cannot take this task, or None if it can."""
    return refuses(task(task_name), architecture_name)


def refuses(asked: Task, architecture_name: str) -> str | None:
    """The same for a task that need not be in the catalogue."""
    mixer = architecture(architecture_name)
    if asked.data not in mixer.ACCEPTS:
        return f"{architecture_name} does not accept {asked.data} data; it accepts {', '.join(mixer.ACCEPTS)}"
    if asked.causal and not getattr(mixer, "CAUSAL", False):
        return f"{architecture_name} cannot keep the future out, as the task asks"
    if asked.causal and not asked.prefix and getattr(mixer, "NEEDS_PREFIX", False):
        return f"{architecture_name} needs a prefix to read before it answers"
    if asked.per == "place" and asked.data != "graph" and not getattr(mixer, "KEEPS_PLACES", True):
        return f"{architecture_name} does not keep the places that the task asks about"
    return None


def ignored(architecture_name: str) -> tuple[str, ...]:
    """The factors that change nothing in that architecture."""
    return tuple(getattr(architecture(architecture_name), "IGNORES", ()))


def refused_level(architecture_name: str, levels: "Mapping[str, Level]") -> str | None:
    """Why the architecture cannot have one of these levels of factors, or None if it can have all."""
    refused: Mapping[str, tuple[Level, ...]] = getattr(architecture(architecture_name), "REFUSES", {})
    for factor, impossible in refused.items():
        if levels[factor] in impossible:
            return f"{architecture_name} cannot have {factor} {', '.join(map(str, impossible))}"
    if levels["truncate"] and not getattr(architecture(architecture_name), "UNROLLS", False):
        return f"{architecture_name} has no recurrence that goes step by step, whose gradient truncate could cut"
    return None


def first_line(package: str, name: str) -> str:
    """What the file of that name says it is, read without importing it."""
    path = root(package) / f"{name}.py"
    return (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").partition("\n")[0]


def root(package: str) -> Path:
    """The folder of an installed package, found without importing it."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"package {package} is not installed")
    return Path(spec.submodule_search_locations[0])


@cache
def _names(package: str, pattern: str) -> tuple[str, ...]:
    folder = root(package)
    found = (path.relative_to(folder).with_suffix("") for path in folder.glob(pattern))
    return tuple(sorted(path.as_posix() for path in found if not path.name.startswith("_")))
