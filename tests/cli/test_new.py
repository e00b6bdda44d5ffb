"""What `new` writes runs as it is, and is held to what every file of the catalogue is held to."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest

from suite.arms import trials
from suite.scaffold.begin import CannotBegin, begin
from suite.study_file import load
from tasks.task import DataType
from tests.cli.conftest import Wonderland

ROOT = Path(__file__).parents[2]
TRY = """
import json
import os
from suite import catalog
from suite.data import data
from suite.arms import trials
from suite.study_file import load
from suite.train import train
from suite.trial import Trial

found = {}
for name in [name for name in catalog.task_names() if name.endswith("/zz_new")]:
    found[name] = [data(name, 0).fingerprint, data(name, 1).fingerprint]
records = [train(Trial(task=task, architecture="zz_new").moved({"steps": 2, "width": 8, "depth": 1, "heads": 2}))
           for task in ("image/zz_new", "sequence/zz_new")]
study = load("zz_new")[1]
print(json.dumps({"data": found, "outcomes": [record.outcome for record in records],
                  "scores": [record.result.test for record in records], "trials": len(trials(study)),
                  "listed": "zz_new" in catalog.architecture_names() and "zz_new" in catalog.study_names()}))
"""


@pytest.fixture
def begun(tree: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with a new architecture, a new study, and a new task of every data type."""
    monkeypatch.chdir(tree)
    begin("architecture", "zz_new")
    begin("study", "zz_new")
    for data in get_args(DataType):
        begin("task", f"{data}/zz_new")
    return tree


def test_all_that_is_new_is_listed_loaded_planned_and_trained(begun: Path, python: Callable[..., str]) -> None:
    found = json.loads(python(TRY, path=begun))
    assert found["listed"]
    assert set(found["data"]) == {f"{data}/zz_new" for data in get_args(DataType)}
    assert all(first != second for first, second in found["data"].values()), "another seed, other data"
    assert found["outcomes"] == ["finished", "finished"]
    assert all(0 <= score <= 1 for score in found["scores"])
    assert found["trials"] == 2 * 4 * 3


@pytest.mark.parametrize("tests", ["tests/tasks/test_every_task.py", "tests/architectures"])
def test_the_catalogue_holds_them_to_all_its_promises(begun: Path, tests: str) -> None:
    shutil.copytree(ROOT / "tests", begun / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", begun)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "zz_new", tests],
        cwd=begun,
        env=os.environ | {"PYTHONPATH": str(begun)},
        capture_output=True,
        text=True,
        timeout=560,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    assert "passed" in done.stdout


def test_a_study_is_about_what_is_named(wonderland: Wonderland, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tree)
    done = wonderland(
        "new", "study", "mine", "--task", "tabular/wine", "--architecture", "mlp", "--architecture", "linear"
    )
    assert done.code == 0
    assert done.out.strip() == str(tree / "ablations" / "mine.py")
    assert "wonderland plan mine" in done.err
    study = load(done.out.strip())[1]
    assert (study.tasks, study.architectures) == (("tabular/wine",), ("mlp", "linear"))
    assert trials(study)


def test_json_says_where_the_file_is(wonderland: Wonderland, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tree / "suite")
    found = json.loads(wonderland("new", "task", "audio/claps", "--json").out)
    assert found["file"] == str(tree / "tasks" / "audio" / "claps.py")
    assert found["next"] == ["wonderland new study try_claps --task audio/claps"]


@pytest.mark.parametrize(
    ("kind", "name", "message"),
    [
        ("study", "first", "the study 'first' is there already"),
        ("architecture", "mlp", "the architecture 'mlp' is there already"),
        ("task", "image/digits", "already"),
        ("task", "stripes", "TYPE/NAME"),
        ("task", "picture/stripes", "TYPE is one of tabular"),
        ("task", "../image/stripes", "TYPE is one of tabular"),
        ("study", "../evil", "cannot name a file"),
        ("study", "Mine", "cannot name a file"),
        ("architecture", "class", "cannot name a file"),
        ("architecture", "a\nb", "cannot name a file"),
        ("study", "", "cannot name a file"),
    ],
)
def test_a_name_that_is_none_or_taken_is_refused(
    tree: Path, monkeypatch: pytest.MonkeyPatch, kind: str, name: str, message: str
) -> None:
    monkeypatch.chdir(tree)
    before = sorted(tree.rglob("*.py"))
    with pytest.raises(CannotBegin, match=message):
        begin(kind, name)  # type: ignore[arg-type]
    assert sorted(tree.rglob("*.py")) == before
