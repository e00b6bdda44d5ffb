"""Where a score comes from: the files that decide it, the library versions, the commit."""

import ast
import hashlib
import platform
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from importlib.metadata import packages_distributions, version
from importlib.util import resolve_name
from pathlib import Path

from suite import catalog
from suite.numerics import numerics_class
from suite.record import SOLO, Provenance

ROOTS = {"suite": catalog.root("suite"), "tasks": catalog.root("tasks")}


def provenance(task: str, architecture: str, data: str, execution: str = SOLO) -> Provenance:
    """The provenance of a trial of that task and architecture, trained in this process on data with that hash."""
    commit, dirty = _git()
    return Provenance(
        source=source(task, architecture, execution),
        data=data,
        numerics=numerics_class() | {"execution": execution},
        libraries=libraries(task, architecture),
        lock=_lock(),
        commit=commit,
        dirty=dirty,
        python=platform.python_version(),
        host=platform.node(),
    )


@cache
def source(task: str, architecture: str, execution: str = SOLO) -> str:
    """A hash of every file of ours that training this pair can execute.

    Files are found by following imports from the training loop, the task and the architecture, so a change
    to a file touches the trials that use it and no others.
    """
    start = _start(task, architecture)
    if execution != SOLO:
        start = (f"suite.{execution.partition('-')[0]}", *start)
    return _hash(start)


@cache
def task_source(task: str) -> str:
    """A hash of every file of ours that loading the task's data can execute."""
    return _hash((_module(task),))


def _hash(start: tuple[str, ...]) -> str:
    digest = hashlib.sha256()
    for name, path in sorted(_closure(start).items()):
        digest.update(f"{name}\x00{_digest(path)}\n".encode())
    return digest.hexdigest()[:16]


@cache
def libraries(task: str, architecture: str) -> dict[str, str]:
    """The versions of the libraries that those files import, without the standard one."""
    files = _closure(_start(task, architecture)).items()
    modules = {imported.partition(".")[0] for name, path in files for imported in _imports(name, path)}
    outside = modules - ROOTS.keys() - sys.stdlib_module_names
    names = {distribution for module in outside for distribution in _distributions().get(module, ())}
    return {name: version(name) for name in sorted(names)}


@cache
def _distributions() -> Mapping[str, list[str]]:
    return packages_distributions()


def _start(task: str, architecture: str) -> tuple[str, ...]:
    return "suite.train", _module(task), f"suite.architectures.{architecture}"


def _module(task: str) -> str:
    return f"tasks.{task.replace('/', '.')}"


def _closure(start: tuple[str, ...]) -> dict[str, Path]:
    found: dict[str, Path] = {}
    waiting = list(start)
    while waiting:
        name = waiting.pop()
        path = _file(name)
        if path is None or name in found:
            continue
        found[name] = path
        waiting.extend(_imports(name, path))
    return found


@cache
def _file(module: str) -> Path | None:
    package, *rest = module.split(".")
    if package not in ROOTS:
        return None
    path = ROOTS[package].joinpath(*rest)
    return next((p for p in (path.with_suffix(".py"), path / "__init__.py") if p.is_file()), None)


@cache
def _imports(name: str, path: Path) -> frozenset[str]:
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    names = set()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            source = resolve_name("." * node.level + (node.module or ""), package)
            names |= {source, *(f"{source}.{alias.name}" for alias in node.names)}
    return frozenset(names)


@cache
def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@cache
def _lock() -> str | None:
    path = ROOTS["suite"].parent / "constraints.txt"
    return _digest(path)[:16] if path.is_file() else None


@cache
def _git() -> tuple[str | None, bool | None]:
    """The commit checked out where the suite lies, and whether anything there differs from it."""
    if _ask_git("ls-files", "--error-unmatch", "suite/train.py") is None:
        return None, None  # no checkout, or somebody else's with an environment inside
    head, status = _ask_git("rev-parse", "HEAD"), _ask_git("status", "--porcelain")
    return (None, None) if head is None or status is None else (head.strip(), bool(status.strip()))


def _ask_git(*words: str) -> str | None:
    try:
        answer = subprocess.run(
            ["git", *words], cwd=ROOTS["suite"].parent, capture_output=True, text=True, timeout=30, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None  # installed without git, or not a checkout: the source hash still identifies the code
    return answer.stdout
