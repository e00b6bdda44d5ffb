"""Python and the libraries, beside the versions that everything is tested with."""

import platform
import re
import sys
from importlib.metadata import PackageNotFoundError, requires, version

from suite import catalog
from suite.doctor.finding import Finding

PYTHON = (3, 11), (3, 14)  # from, and before


def python() -> Finding:
    says = f"Python {platform.python_version()} in {sys.prefix}"
    if PYTHON[0] <= sys.version_info[:2] < PYTHON[1]:
        return Finding("Python", "well", says)
    return Finding("Python", "ill", f"{says}, which is not tested", "make clean setup PYTHON=python3.11")


def libraries() -> Finding:
    """Those that are there, beside the versions that everything is tested with."""
    missing, other = list[str](), list[str]()
    pins = _pins()
    for name in _required():
        try:
            found = version(name)
        except PackageNotFoundError:
            missing.append(name)
            continue
        pinned = pins.get(_plain(name))
        if pinned and found.partition("+")[0] != pinned:
            other.append(f"{name} {found} instead of {pinned}")
    fix = "python -m pip install --constraint constraints.txt --editable ."
    if missing:
        return Finding("libraries", "ill", f"missing: {', '.join(missing)}", fix)
    if other:
        return Finding("libraries", "note", f"not the versions that are tested: {', '.join(other)}", fix)
    return Finding("libraries", "well", f"{len(_required())} libraries at the versions that are tested")


def _required() -> list[str]:
    """The libraries that the product needs to run."""
    words = (requirement for requirement in requires("wonderland") or () if "extra ==" not in requirement)
    return [re.split(r"[^A-Za-z0-9_.-]", word)[0] for word in words]


def _pins() -> dict[str, str]:
    path = catalog.root("suite").parent / "constraints.txt"
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return {_plain(name): pinned for name, equals, pinned in (line.partition("==") for line in lines) if equals}


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
