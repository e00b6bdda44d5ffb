"""A study that asks for resources, on the command line: what is planned, and what this machine has no room for."""

import json
from pathlib import Path

import pytest

from suite.cli import slots
from tests.cli.conftest import Wonderland

STUDY = """
from suite.study import Study
STUDY = Study(question="?", tasks=("image/digits",), architectures=("mlp",), baseline={"steps": 5, "width": 8},
              seeds=2, resources={"processes": 3, "gpus": 0.5})
"""


@pytest.fixture(autouse=True)
def two_cores(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "large.py").write_text(STUDY)
    monkeypatch.setattr(slots, "cores", lambda: 2)


def test_a_plan_says_what_a_trial_is_given_and_that_there_is_no_room(wonderland: Wonderland) -> None:
    done = wonderland("plan", "large.py")
    assert done.code == 0, done.err
    assert "each trial is given 3 processes, each with 1 CPU and 0.5 GPU" in done.out
    assert "impossible on this machine: a trial is given 3 processes" in done.out
    assert "this machine has 2 cores; name a cluster: --ray HOST:PORT" in done.out
    document = json.loads(wonderland("plan", "large.py", "--json").out)
    assert document["resources"] == {"processes": 3, "cpus": 1.0, "gpus": 0.5}


def test_a_sweep_without_room_ends_with_7_and_starts_nothing(wonderland: Wonderland, tmp_path: Path) -> None:
    done = wonderland("sweep", "large.py")
    assert done.code == 7
    assert "this machine has 2 cores" in done.err
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--fused", "4"], "large trains each on 3"),
        (["--cpus-per-trial", "2"], "the study says what its trials are given"),
        (["--gpus-per-trial", "1"], "the study says what its trials are given"),
    ],
)
def test_options_that_say_otherwise_than_the_study_are_refused(
    wonderland: Wonderland, options: list[str], message: str
) -> None:
    done = wonderland("sweep", "large.py", *options)
    assert done.code == 2
    assert message in done.err
