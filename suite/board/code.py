"""The code that computes the board: a hash of it, so that a table says which code made it."""

import ast
import hashlib
from pathlib import Path

from suite import catalog

START = "suite.board.standing"
INSIDE = ("suite.analysis", "suite.board")
METRICS, SCORE = "suite.objective", "score"


def analysis_code() -> str:
    """A hash of the table's own file and of every file of the analysis that it imports, however far away."""
    found, waiting = dict[str, Path](), [START]
    while waiting:
        name = waiting.pop()
        path = _path(name)
        if name in found or not name.startswith(INSIDE) or not path.is_file():
            continue
        found[name] = path
        waiting.extend(_imports(path))
    return _hash(found)


def metrics_code() -> str:
    """A hash of the text of the function that scores, and of what it calls in its own file."""
    text = _path(METRICS).read_text(encoding="utf-8")
    there = {node.name: node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)}
    found, waiting = dict[str, str](), [SCORE]
    while waiting:
        name = waiting.pop()
        if name in there and name not in found:
            found[name] = ast.get_source_segment(text, there[name]) or ""
            waiting.extend(node.id for node in ast.walk(there[name]) if isinstance(node, ast.Name))
    return hashlib.sha256("\n".join(part for _, part in sorted(found.items())).encode()).hexdigest()[:16]


def _imports(path: Path) -> set[str]:
    names = set[str]()
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def _path(module: str) -> Path:
    package, *rest = module.split(".")
    return catalog.root(package).joinpath(*rest).with_suffix(".py") if package == "suite" else Path()


def _hash(files: dict[str, Path]) -> str:
    digest = hashlib.sha256()
    for name, path in sorted(files.items()):
        digest.update(name.encode() + b"\x00" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]
