"""Completion in the shell: the script to source, and the names that it completes to, found without importing them."""

import os
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Literal

import typer

MOST_OFFERED = 200  # ids at a time
COMPLETE = "_WONDERLAND_COMPLETE"  # set by the script when the shell asks what could come next


def completion(
    shell: Annotated[Literal["bash", "zsh", "fish"], typer.Argument(help="Your shell.")],
) -> None:
    """Print what makes the shell complete commands, options and names: source <(wonderland completion bash)."""
    from typer.completion import get_completion_script  # type: ignore[attr-defined]

    print(get_completion_script(prog_name="wonderland", complete_var=COMPLETE, shell=shell))


def prepare() -> None:
    """Be ready to answer the shell, if it is the shell that asks."""
    if COMPLETE in os.environ:
        from typer.completion import completion_init  # type: ignore[attr-defined]

        completion_init()


def tasks(begun: str) -> list[str]:
    return [name for name in _names("tasks", "*/*.py") if name.startswith(begun)]


def architectures(begun: str) -> list[str]:
    return [name for name in _names("suite.architectures", "*.py") if name.startswith(begun)]


def studies(begun: str) -> list[str]:
    return [name for name in _names("ablations", "*.py") if name.startswith(begun)]


def ids(context: typer.Context, begun: str) -> list[str]:
    """The ids of the trials that were planned last."""
    import json

    found = list[str]()
    for name in swept(context, ""):
        with suppress(OSError, ValueError, KeyError, TypeError):  # a damaged plan is nothing to tell at a TAB
            plan = json.loads((_runs(context) / name / "plan.json").read_bytes())
            found += [id for id in plan["trials"] if id.startswith(begun)]
    return found[:MOST_OFFERED]


def swept(context: typer.Context, begun: str) -> list[str]:
    """The studies that the store holds."""
    return sorted(name for path in _runs(context).glob("*/plan.json") if (name := path.parent.name).startswith(begun))


def _runs(context: typer.Context) -> Path:
    return Path(context.params.get("runs") or os.environ.get("WONDERLAND_RUNS") or "runs")


def _names(package: str, pattern: str) -> list[str]:
    """The same names as suite.catalog, which takes longer to import than a person at a TAB waits."""
    spec = find_spec(package)
    assert spec is not None
    assert spec.submodule_search_locations
    folder = Path(spec.submodule_search_locations[0])
    found = (path.relative_to(folder).with_suffix("") for path in folder.glob(pattern))
    return sorted(path.as_posix() for path in found if not path.name.startswith("_"))
