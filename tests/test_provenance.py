"""A source hash changes if and only if a file changes that training can execute."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from suite import catalog, provenance
from suite.provenance import source

OFFLINE = ("image/digits", "series/mnist1d", "tabular/breast_cancer")  # what a network is trained on here, if it can


def pairs() -> list[tuple[str, str]]:
    """Every task with one architecture, and every architecture with one task, where there is one."""
    tasks, architectures = catalog.task_names(), catalog.architecture_names()
    choices = [[(task, a) for a in ("mlp", *architectures)] for task in tasks]
    choices += [[(t, architecture) for t in (*OFFLINE, *tasks)] for architecture in architectures]
    found = (next((pair for pair in choice if catalog.refusal(*pair) is None), None) for choice in choices)
    return list(dict.fromkeys(pair for pair in found if pair is not None))


PAIRS = pairs()
CACHED = (
    provenance.source,
    provenance.libraries,
    provenance._file,
    provenance._imports,
    provenance._digest,
    provenance._git,
    provenance._lock,
)

Pair = tuple[str, str]


def forget() -> None:
    for function in CACHED:
        function.cache_clear()


@pytest.fixture
def copied(tree: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the code that provenance takes for ours."""
    monkeypatch.setattr(provenance, "ROOTS", {"suite": tree / "suite", "tasks": tree / "tasks"})
    forget()
    yield tree
    forget()


def sources() -> dict[Pair, str]:
    forget()
    return {pair: source(*pair) for pair in PAIRS}


def touched_by(file: Path, before: dict[Pair, str] | None = None) -> set[Pair]:
    """The pairs whose source hash changes with that file, though what it imports does not."""
    before, text = before or hashes(), file.read_text()
    file.write_text(text + "\n# changed\n")
    after = hashes()
    file.write_text(text)
    return {pair for pair in PAIRS if before[pair] != after[pair]}


def hashes() -> dict[Pair, str]:
    """The sources, without parsing again what is parsed."""
    for function in (provenance.source, provenance._digest):
        function.cache_clear()
    return {pair: source(*pair) for pair in PAIRS}


def imported_by(folder: Path, module: str) -> set[str]:
    """The files below that import from the module, as names of tasks or architectures."""
    files = (path for path in folder.rglob("*.py") if f"from {module} import" in path.read_text())
    return {path.relative_to(folder).with_suffix("").as_posix() for path in files}


def test_it_is_the_same_wherever_the_code_lies(copied: Path) -> None:
    inside = sources()
    for package in ("suite", "tasks"):
        provenance.ROOTS[package] = catalog.root(package)
    assert sources() == inside


def test_a_task_touches_its_own_trials(copied: Path) -> None:
    """And those of a task that takes something from it."""
    before = hashes()
    for name in catalog.task_names():
        users = {name} | imported_by(copied / "tasks", f"tasks.{name.replace('/', '.')}")
        assert touched_by(copied / f"tasks/{name}.py", before) == {pair for pair in PAIRS if pair[0] in users}, name


def test_an_architecture_touches_its_own_trials(copied: Path) -> None:
    before = hashes()
    for name in catalog.architecture_names():
        users = {name} | imported_by(copied / "suite/architectures", f"suite.architectures.{name}")
        assert touched_by(copied / f"suite/architectures/{name}.py", before) == {p for p in PAIRS if p[1] in users}, (
            name
        )


@pytest.mark.parametrize(
    ("file", "users", "others"),
    [
        ("suite/nn/attention.py", {"transformer", "vit"}, {"mlp", "cnn", "gru"}),
        ("suite/nn/convolution.py", {"cnn", "vgg"}, {"mlp", "gru", "transformer"}),
    ],
)
def test_a_part_touches_those_who_use_it(copied: Path, file: str, users: set[str], others: set[str]) -> None:
    touched = {architecture for _, architecture in touched_by(copied / file)}
    assert users <= touched
    assert not others & touched


@pytest.mark.parametrize(
    "file",
    ["suite/train.py", "suite/tricks/norm.py", "suite/tricks/augmentation.py", "suite/nn/stem.py", "suite/seeds.py"],
)
def test_what_all_share_touches_all(copied: Path, file: str) -> None:
    assert touched_by(copied / file) == set(PAIRS)


def test_the_rest_touches_nothing(copied: Path) -> None:
    for name in ("study", "design", "ledger", "store", "sweep", "engine", "tracking", "cli"):
        file = copied / f"suite/{name}.py"
        if file.is_file():
            assert touched_by(file) == set(), file
    (copied / "suite/invented_later.py").write_text("")
    assert touched_by(copied / "suite/invented_later.py") == set()


@pytest.mark.parametrize(
    "statement",
    [
        "from suite.nn import invented",
        "from suite.nn.invented import part",
        "import suite.nn.invented as part",
        "from . import invented",
        "from .invented import part",
        "from ..nn.invented import part",
        "def later():\n    from suite.nn.invented import part",
        "try:\n    import suite.nn.invented\nexcept ImportError:\n    pass",
    ],
)
def test_a_new_file_counts_as_soon_as_it_is_imported(copied: Path, statement: str) -> None:
    invented, convolution = copied / "suite/nn/invented.py", copied / "suite/nn/convolution.py"
    invented.write_text("part = 1\n")
    assert touched_by(invented) == set()
    convolution.write_text(convolution.read_text() + f"\n{statement}\n")
    forget()
    assert touched_by(invented) == touched_by(convolution) != set()


def test_a_renamed_file_changes_the_hash_though_its_content_does_not(copied: Path) -> None:
    before, attention = sources(), copied / "suite/nn/attention.py"
    attention.rename(copied / "suite/nn/looking.py")
    user = copied / "suite/architectures/transformer.py"
    user.write_text(user.read_text().replace("suite.nn.attention", "suite.nn.looking"))
    assert sources()["image/digits", "transformer"] != before["image/digits", "transformer"]
    assert sources()["image/digits", "mlp"] == before["image/digits", "mlp"]


EXECUTED = """
import json, os, sys
# What takes long is imported once, so that each child is quick.
import torch, torch.utils.flop_counter, sklearn.datasets, scipy.ndimage, statsmodels.datasets
torch.optim.AdamW([torch.zeros(1, requires_grad=True)]).step()
for task, architecture in json.loads(os.environ["PAIRS"]):
    if os.fork() == 0:
        from suite.train import train
        from suite.trial import Trial
        tiny = {"steps": 1, "width": 4, "depth": 1, "patch": 4}
        assert train(Trial(task=task, architecture=architecture).moved(tiny)).result.outcome == "finished"
        ours = [name for name in sys.modules if name.split(".")[0] in ("suite", "tasks")]
        print(json.dumps([task, architecture, ours]), flush=True)
        os._exit(0)
    os.wait()
"""


def test_everything_that_training_executes_is_hashed(python: Callable[..., str]) -> None:
    """Against what Python itself says it has loaded."""
    one_each = list({architecture: (task, architecture) for task, architecture in PAIRS}.values())
    lines = python(EXECUTED, PAIRS=json.dumps(one_each)).splitlines()
    assert len(lines) == len(one_each)
    for task, architecture, loaded in map(json.loads, lines):
        start = ("suite.train", f"tasks.{task.replace('/', '.')}", f"suite.architectures.{architecture}")
        missing = set(loaded) - provenance._closure(start).keys()
        # Packages hold a docstring only (test_layers), so it does not matter whether theirs is hashed.
        assert [name for name in missing if not is_package(name)] == []


def is_package(name: str) -> bool:
    path = provenance._file(name)
    return path is not None and path.name == "__init__.py"


def test_the_lock_is_hashed_where_there_is_one(copied: Path) -> None:
    assert provenance._lock() is None
    (copied / "constraints.txt").write_text("torch==2.13.0\n")
    forget()
    first = provenance._lock()
    (copied / "constraints.txt").write_text("torch==2.13.1\n")
    forget()
    assert first is not None
    assert provenance._lock() not in (None, first)


def test_without_git_there_is_no_commit(copied: Path) -> None:
    """Code that lies outside a checkout; the source hash still identifies it."""
    found = provenance.provenance("image/digits", "mlp", "data")
    assert (found.commit, found.dirty) == (None, None)
    assert found.source == source("image/digits", "mlp")


def test_code_inside_somebody_elses_checkout_is_not_taken_for_theirs(copied: Path) -> None:
    """An environment in a project's folder: that project's commit says nothing about us."""
    git = ["-c", "user.name=x", "-c", "user.email=x@x"]
    assert provenance._ask_git("init", "-q") is not None
    (copied / ".gitignore").write_text("suite\ntasks\nablations\n")
    assert provenance._ask_git("add", ".gitignore") is not None
    assert provenance._ask_git(*git, "commit", "-q", "-m", "theirs") is not None
    forget()
    assert provenance._git() == (None, None)


def test_a_checkout_of_ours_says_its_commit_and_whether_it_is_changed(copied: Path) -> None:
    git = ["-c", "user.name=x", "-c", "user.email=x@x"]
    assert provenance._ask_git("init", "-q") is not None
    assert provenance._ask_git("add", ".") is not None
    assert provenance._ask_git(*git, "commit", "-q", "-m", "ours") is not None
    forget()
    commit, dirty = provenance._git()
    assert commit is not None
    assert len(commit) == 40
    assert dirty is False
    (copied / "suite/train.py").write_text("")
    forget()
    assert provenance._git() == (commit, True)


def test_a_library_answers_for_the_trials_that_import_it(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another scikit-learn touches the tasks whose data it ships, and a new import is noticed."""
    forget()
    assert "scikit-learn" in provenance.libraries("image/digits", "mlp")
    assert "scikit-learn" not in provenance.libraries("series/mnist1d", "mlp")
    assert {"torch", "numpy"} <= provenance.libraries("series/mnist1d", "mlp").keys()
    norm = copied / "suite/tricks/norm.py"
    norm.write_text("import pandas\n" + norm.read_text())
    forget()
    assert "pandas" in provenance.libraries("series/mnist1d", "mlp")
