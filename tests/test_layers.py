"""Imports point one way, every service has one door, and names are nouns of the product."""

import ast
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from importlib.util import resolve_name
from itertools import combinations
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("tasks", "suite", "ablations", "dashboard")  # each may import those before it
FILES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
CHAINS = (
    ("suite.trial", "suite.catalog", "suite.study"),
    ("suite.tricks", "suite.nn", "suite.architectures"),
    ("suite.train", "suite.engine"),
    ("suite.train", "suite.sweep"),
    ("suite.record", "suite.ledger", "suite.tracking", "suite.reproduction"),
)
DOORS = {
    "ray": ("suite/engine.py", "suite/cluster/"),
    "mlflow": ("suite/tracking.py", "suite/service/"),
    "streamlit": "dashboard/",
}
PURE = {
    "suite.analysis": ("torch", "ray", "mlflow", "streamlit"),
    "suite.sweep": ("ray",),
    "suite.train": ("ray", "mlflow", "streamlit", "pandas"),
    "suite.store": ("torch", "ray"),
    "suite.record": ("torch", "ray", "mlflow", "pandas"),
    "tasks": ("torch", "suite"),
}
NO_NAMES = {"utils", "util", "helpers", "helper", "common", "core", "manager", "misc", "base"}


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


MODULES = {module_of(path): path for path in FILES}


def import_statements(tree: ast.AST) -> Iterator[ast.Import | ast.ImportFrom]:
    """All imports that can run, also those inside functions; what only a type checker reads is left out."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node
        yield from import_statements(node)


@cache
def imports(module: str) -> frozenset[str]:
    """The modules that `module` imports: ours in full, others by their dotted name."""
    path, names = MODULES[module], set[str]()
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    for node in import_statements(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        else:
            source = resolve_name("." * node.level + (node.module or ""), package)
            inner = {f"{source}.{alias.name}" for alias in node.names} & MODULES.keys()
            names |= inner or {source}
    return frozenset(names)


@cache
def reached(module: str) -> frozenset[str]:
    """Everything that importing `module` can import, however far away."""
    found, waiting = set[str](), [module]
    while waiting:
        for name in imports(waiting.pop()) - found:
            found.add(name)
            if name in MODULES:
                waiting.append(name)
    return frozenset(found)


def inside(package: str) -> list[str]:
    return [module for module in MODULES if is_in(module, package)]


def is_in(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def offences(package: str, forbidden: str) -> list[str]:
    return [f"{m} reaches {n}" for m in inside(package) for n in reached(m) if is_in(n, forbidden)]


@pytest.mark.parametrize(("lower", "upper"), list(combinations(PACKAGES, 2)))
def test_packages_import_only_what_is_below_them(lower: str, upper: str) -> None:
    assert offences(lower, upper) == []


@pytest.mark.parametrize(("lower", "upper"), [pair for chain in CHAINS for pair in combinations(chain, 2)])
def test_the_suite_imports_only_what_is_earlier_in_its_chains(lower: str, upper: str) -> None:
    assert offences(lower, upper) == []


def test_nothing_imports_in_a_circle() -> None:
    list(TopologicalSorter({module: imports(module) & MODULES.keys() for module in MODULES}).static_order())


@pytest.mark.parametrize(("service", "door"), list(DOORS.items()))
def test_a_service_has_one_door(service: str, door: str | tuple[str, ...]) -> None:
    users = [MODULES[m].relative_to(ROOT).as_posix() for m in MODULES if any(is_in(n, service) for n in imports(m))]
    assert [user for user in users if not user.startswith(door)] == []


@pytest.mark.parametrize(("package", "service"), [(p, s) for p, services in PURE.items() for s in services])
def test_some_parts_stay_free_of_some_libraries(package: str, service: str) -> None:
    assert offences(package, service) == []


@pytest.mark.parametrize("path", [p for p in FILES if p.name == "__init__.py"], ids=module_of)
def test_an_init_file_holds_a_docstring_only(path: Path) -> None:
    tree = ast.parse(path.read_bytes())
    assert ast.get_docstring(tree)
    assert len(tree.body) == 1


@pytest.mark.parametrize("path", [p for p in FILES if p.name != "__init__.py"], ids=module_of)
def test_a_file_says_what_it_is_and_imports_by_name(path: Path) -> None:
    tree = ast.parse(path.read_bytes())
    assert ast.get_docstring(tree), "the first line says what the file is"
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.names[0].name == "*"]


def test_names_say_what_things_are() -> None:
    parts = {part for path in FILES for part in path.relative_to(ROOT).with_suffix("").parts}
    assert parts & NO_NAMES == set()


def test_every_folder_of_modules_is_a_package() -> None:
    assert [path for path in FILES if not (path.parent / "__init__.py").is_file()] == []
