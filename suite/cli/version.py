"""Which Wonderland this is: its version and commit, and the libraries that matter."""

import platform
import subprocess
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

LIBRARIES = ("torch", "ray", "mlflow", "streamlit")


def line() -> str:
    """wonderland 0.1.0 (commit 1a2b3c4d5e6f), Python 3.11.2, torch 2.13.0, ..."""
    commit = _commit()
    ours = f"wonderland {version('wonderland')}{f' (commit {commit})' if commit else ''}"
    return ", ".join((ours, f"Python {platform.python_version()}", *(f"{name} {version(name)}" for name in LIBRARIES)))


def _commit() -> str | None:
    """The commit that is checked out where the suite lies, with a + if a file of it was changed."""
    spec = find_spec("suite")
    assert spec is not None
    assert spec.submodule_search_locations
    folder = Path(spec.submodule_search_locations[0]).parent
    head, ours = _git(folder, "rev-parse", "--short=12", "HEAD"), _git(folder, "ls-files", "suite/trial.py")
    if not head or not ours:
        return None  # installed without git, or in a folder of somebody else's checkout
    return head + ("+" if _git(folder, "status", "--porcelain", "--untracked-files=no") else "")


def _git(folder: Path, *words: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", *words],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=30,
            check=True,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()
