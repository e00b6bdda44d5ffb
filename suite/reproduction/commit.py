"""The place of a commit: a worktree of its own, and the environment it locked. Nothing of it is left afterwards.

An environment that had to be made is kept in the user's cache folder, for the next record of that commit.
"""

import hashlib
import os
import re
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from suite import catalog
from suite.reproduction.fresh import Place
from tasks.fetch import alone

LOCK = "constraints.txt"
COMMIT = re.compile(r"[0-9a-f]{7,64}")
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;#]+)", re.MULTILINE)
PATIENCE = 3600  # seconds for an environment
NO_HOOKS = ("-c", "core.hooksPath=/dev/null")

Say = Callable[[str], object]


class Missing(Exception):
    """What the place of a commit lacks; `commands` would provide it, with ID for the record's id."""

    def __init__(self, reason: str, *commands: str) -> None:
        super().__init__(reason)
        self.commands = commands


@contextmanager
def checked_out(commit: str | None, libraries: Mapping[str, str], say: Say = print) -> Iterator[Place]:
    """The commit's code in a folder that is removed afterwards, with an interpreter that has its libraries.

    `libraries` are those that the record was trained with. Raises Missing.
    """
    root = catalog.root("suite").parent
    if not commit or not COMMIT.fullmatch(commit):
        raise Missing("the record names no commit: it was trained outside of a git checkout")
    _require(root, commit)
    with tempfile.TemporaryDirectory(prefix="wonderland-") as scratch:
        tree = Path(scratch) / commit[:12]
        try:
            _git(root, *NO_HOOKS, "worktree", "add", "--quiet", "--detach", str(tree), commit)
            inside = tree / _git(root, "rev-parse", "--show-prefix").strip()
            yield Place(inside, _interpreter(inside, root, commit, libraries, say), commit)
        except subprocess.CalledProcessError as error:
            raise Missing(f"commit {commit} cannot be checked out: {_last(error.stderr)}") from None
        finally:
            subprocess.run(
                ["git", "worktree", "remove", "--force", str(tree)], cwd=root, capture_output=True, check=False
            )


def _require(root: Path, commit: str) -> None:
    clone = "git clone WONDERLAND && cd wonderland && make setup && .venv/bin/wonderland reproduce ID --at-commit"
    try:
        _git(root, "ls-files", "--error-unmatch", "suite/train.py")
    except (OSError, subprocess.CalledProcessError):
        raise Missing(f"{root} is no git checkout, so commit {commit} cannot be had from it", clone) from None
    try:
        _git(root, "cat-file", "-e", f"{commit}^{{commit}}")
    except subprocess.CalledProcessError:
        raise Missing(
            f"this checkout has no commit {commit}", "git fetch --all", f"git fetch origin {commit}"
        ) from None


def _interpreter(tree: Path, root: Path, commit: str, libraries: Mapping[str, str], say: Say) -> str:
    """This one where it has what the commit locked, else one that is made."""
    lock = tree / LOCK
    content = lock.read_bytes() if lock.is_file() else b""
    ours = root / LOCK
    if not content or (ours.is_file() and ours.read_bytes() == content) or has(content.decode(), libraries):
        return sys.executable
    try:
        return environment(lock, libraries, say)
    except (OSError, subprocess.SubprocessError) as error:
        reason = _last(error.stderr) if isinstance(error, subprocess.CalledProcessError) else str(error)
        there = f"wonderland-{commit[:12]}"
        raise Missing(
            f"the environment that commit {commit} locked cannot be made here: {reason}",
            f"git worktree add --detach ../{there} {commit}",
            f"cd ../{there} && python -m venv .venv && .venv/bin/pip install -c {LOCK} -e .",
            f".venv/bin/wonderland reproduce ID --runs {root / 'runs'}",
        ) from None


def has(lock: str, libraries: Mapping[str, str]) -> bool:
    """Whether this environment is as locked: it has the libraries, and every pinned package it has is that version."""
    pins = dict(PIN.findall(lock))
    here = {name: _version(name) for name in {*pins, *libraries}}
    same = all(here[name] in (None, _public(number)) for name, number in pins.items())
    return same and all(here[name] is not None for name in libraries)


def environment(lock: Path, libraries: Mapping[str, str], say: Say = print) -> str:
    """The interpreter of an environment with these libraries, at the versions that the lock pins; made if need be.

    Raises CalledProcessError, whose `stderr` says what pip could not do.
    """
    content = lock.read_bytes()
    pinned = {name.lower() for name in dict(PIN.findall(content.decode()))}
    wanted = [n if n.lower() in pinned else f"{n}=={_public(number)}" for n, number in sorted(libraries.items())]
    key = hashlib.sha256(repr((sys.version, content, wanted)).encode()).hexdigest()[:16]
    folder = _cache() / key
    folder.parent.mkdir(parents=True, exist_ok=True)
    python, whole = folder / "bin" / "python", folder / "whole"
    with alone(folder.with_suffix(".lock")):
        if not whole.exists():
            say(f"making the environment of this lock in {folder}, which may take minutes")
            venv.create(folder, clear=True, with_pip=True)
            install = ["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check", "--retries=1"]
            subprocess.run(
                [str(python), *install, f"--constraint={lock}", "--", *wanted],
                capture_output=True,
                text=True,
                timeout=PATIENCE,
                check=True,
            )
            whole.touch()
    return str(python)


def _cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "wonderland" / "environments"


def _version(name: str) -> str | None:
    try:
        return _public(version(name))
    except PackageNotFoundError:
        return None


def _public(number: str) -> str:
    """A version without the label of a build: 2.13.0 of 2.13.0+cpu."""
    return number.partition("+")[0]


def _last(stderr: str | None) -> str:
    lines = [line.strip() for line in (stderr or "").splitlines() if line.strip()]
    return next((line for line in reversed(lines) if "ERROR" in line), lines[-1] if lines else "no message")


def _git(root: Path, *words: str) -> str:
    return subprocess.run(["git", *words], cwd=root, capture_output=True, text=True, timeout=600, check=True).stdout
