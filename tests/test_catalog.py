"""Names are paths, nothing registers itself, and a wrong name gets the right ones in answer."""

from collections.abc import Callable
from pathlib import Path

import pytest

from suite import catalog

TASK = '''
"""Stripes: down or across?"""
import numpy as np
from tasks.split import random_split
from tasks.task import Task

def load(rng):
    labels = rng.integers(0, 2, 60)
    across = np.broadcast_to(np.sin(np.arange(6.0))[:, None], (6, 6))
    images = np.stack([across if label else across.T for label in labels])[..., None].astype(np.float32)
    return random_split(images, labels, rng)

TASK = Task("image", (6, 6, 1), "class", 2, "accuracy", 0.5, "drawn here", "none", load)
'''
ARCHITECTURE = '''
"""Mean field: every place gets the mean of all."""
from torch import nn
from suite.nn.block import Alone, Mixer
from suite.nn.network import Network
from suite.nn.stem import sequence

ACCEPTS = ("image",)

class Mean(Mixer):
    def forward(self, x, places):
        return x.mean(1, keepdim=True).expand_as(x)

def build(task, size, tricks):
    return Network(task, size, tricks, view=sequence, layer=lambda index: [Mean(), Alone(nn.Linear(size.width, 8))])
'''
STUDY = '''
"""Does depth help to see stripes?"""
from suite.study import Study
STUDY = Study(question=__doc__, tasks=("image/stripes",), architectures=("mean_field", "mlp"),
              factors={"depth": (1, 2)}, baseline={"steps": 3, "width": 8}, seeds=1)
'''
USE = """
from suite import catalog
from suite.arms import trials
from suite.study_file import load
from suite.train import train
name, ours = load("stripes")
print(catalog.task("image/stripes").outputs, catalog.root("suite").parent)
for trial in trials(ours):
    print(trial.architecture, train(trial).result.outcome)
"""


def test_a_file_that_is_dropped_in_is_there(tree: Path, python: Callable[..., str]) -> None:
    """A task, an architecture and a study: one file each, and no list to put their names on."""
    (tree / "tasks/image/stripes.py").write_text(TASK)
    (tree / "suite/architectures/mean_field.py").write_text(ARCHITECTURE)
    (tree / "ablations/stripes.py").write_text(STUDY)
    first, *rest = python(USE, path=tree).splitlines()
    assert first == f"2 {tree}"
    assert rest == ["mean_field finished"] * 2 + ["mlp finished"] * 2


def test_names_are_the_files_there_are() -> None:
    root = Path(catalog.__file__).parents[1]
    assert set(catalog.architecture_names()) == {
        p.stem for p in (root / "suite/architectures").glob("*.py") if not p.name.startswith("_")
    }
    for name in catalog.task_names():
        assert (root / "tasks" / f"{name}.py").is_file()
    assert "image/digits" in catalog.task_names()
    assert "first" in catalog.study_names()
    for names in (catalog.task_names(), catalog.architecture_names(), catalog.study_names()):
        assert list(names) == sorted(names)
        assert not any(name.split("/")[-1][0] == "_" for name in names)


def test_listing_names_imports_nothing_heavy(python: Callable[..., str]) -> None:
    code = (
        "import sys; from suite import catalog; catalog.task_names(); catalog.architecture_names(); "
        "catalog.study_names(); print([m for m in sys.modules if m in ('torch', 'sklearn', 'ray', 'mlflow')])"
    )
    assert python(code).strip() == "[]"


@pytest.mark.parametrize(
    ("look_up", "name", "message"),
    [
        (catalog.task, "image/digit", "no task 'image/digit'; did you mean 'image/digits'"),
        (catalog.task, "qqq", r"no task 'qqq'; there is audio/chirps, .* and \d+ more: wonderland list"),
        (catalog.task, "../suite/train", "no task"),
        (catalog.task, "task", "no task 'task'"),
        (catalog.architecture, "transfromer", "did you mean 'transformer'"),
        (catalog.architecture, "__init__", "no architecture"),
    ],
)
def test_a_wrong_name_gets_the_right_ones(look_up: Callable[[str], object], name: str, message: str) -> None:
    with pytest.raises(LookupError, match=message):
        look_up(name)


def test_refusals_say_why() -> None:
    assert catalog.refusal("image/digits", "cnn") is None
    assert catalog.refusal("tabular/diabetes", "cnn") == (
        "cnn does not accept tabular data; it accepts series, audio, text, image, volume, sequence"
    )


def test_a_package_that_is_not_there_is_named() -> None:
    with pytest.raises(ModuleNotFoundError, match="package wonderland_nothing is not installed"):
        catalog.root("wonderland_nothing")
