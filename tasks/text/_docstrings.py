"""Docstrings of installed libraries, read from their files without importing them.

Which they are depends on the versions that are installed: with those of constraints.txt, everybody has the same. Files
are taken in the order of a hash of their name, which is the same everywhere and favours no part of a library.
"""

import ast
import hashlib
import inspect
from functools import cache
from importlib.util import find_spec
from pathlib import Path

SKIPPED = {"tests", "testing", "_testing", "_vendor", "externals", "array_api_compat", "array_api_extra", "_vendored"}
SHORTEST = 200  # characters


@cache
def docstrings(library: str, count: int) -> tuple[str, ...]:
    """The first `count` docstrings of functions and classes that are long enough; none is there twice."""
    spec = find_spec(library)
    assert spec is not None, f"{library} is a dependency of this package"
    assert spec.submodule_search_locations, f"{library} is a folder"
    found = dict[str, None]()
    for file in _files(Path(spec.submodule_search_locations[0])):
        found.update(dict.fromkeys(_docstrings_of(file)))
        if len(found) >= count:
            return tuple(found)[:count]
    raise LookupError(f"{library} has {len(found)} docstrings; {count} are wanted")


def _files(root: Path) -> list[Path]:
    files = [file for file in root.rglob("*.py") if not SKIPPED & set(file.relative_to(root).parts)]
    return sorted(files, key=lambda file: hashlib.sha256(file.relative_to(root).as_posix().encode()).digest())


def _docstrings_of(file: Path) -> list[str]:
    """In the order of the file. Most of a library's time is in files without any, which are not parsed."""
    source = file.read_text(encoding="utf-8", errors="ignore")
    if '"""' not in source:
        return []
    nodes = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef | ast.ClassDef))
    texts = (ast.get_docstring(node, clean=False) for node in sorted(nodes, key=lambda node: node.lineno))
    return [inspect.cleandoc(text) for text in texts if text and len(text) >= SHORTEST]
