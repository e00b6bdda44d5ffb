"""What a study asks for its trials is plain data, no part of them, and an execution mode if it is several processes."""

import json
from pathlib import Path
from typing import Any

import pytest

from suite.arms import impossible, trials
from suite.plan import execution
from suite.provenance import source
from suite.resources import Resources, group
from suite.resources import execution as mode
from suite.study import Study, StudyError
from suite.study_file import load
from suite.subset import subset
from suite.trial import Trial

GOOD: dict[str, Any] = {"question": "?", "tasks": ("image/digits",), "architectures": ("mlp",), "seeds": 1}


def study(**fields: Any) -> Study:
    return Study(**(GOOD | fields))


def test_they_are_no_part_of_a_trial() -> None:
    large = study(resources={"processes": 2, "cpus": 4, "gpus": 0.5})
    assert [trial.id for trial in trials(large)] == [trial.id for trial in trials(study())]


def test_they_have_a_json_form_and_stay_with_a_part_of_the_study(tmp_path: Path) -> None:
    large = study(resources={"processes": 2}, factors={"norm": ("none", "rms")})
    (tmp_path / "large.json").write_text(large.model_dump_json())
    assert load(str(tmp_path / "large.json"))[1] == large
    assert json.loads(large.model_dump_json())["resources"] == {"processes": 2, "cpus": 1.0, "gpus": 0.0}
    assert subset(large, ["norm=rms"]).resources == large.with_seeds(3).resources == Resources(processes=2)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"processes": 0}, "processes cannot be 0"),
        ({"processes": 1.5}, "processes cannot be 1.5"),
        ({"cpus": 0}, "cpus cannot be 0"),
        ({"cpus": 1.5}, "cpus cannot be 1.5: above 1, Ray gives whole ones only"),
        ({"gpus": -1}, "gpus cannot be -1"),
        ({"gpus": float("nan")}, "gpus cannot be nan"),
        ({"processes": 2, "gpus": 2}, "each of several processes trains on one, or a share of one"),
        ({"gpu": 1}, "no key 'gpu'; one of processes, cpus, gpus"),
        (2, "resources"),
    ],
)
def test_what_cannot_be_given_is_refused_with_what_can(given: Any, message: str) -> None:
    with pytest.raises(StudyError) as refused:
        study(resources=given)
    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (Resources(), "solo"),
        (Resources(cpus=4, gpus=0.5), "solo"),
        (Resources(processes=2), "parallel-2"),
        (Resources(processes=4, gpus=0.5), "parallel-4-cuda"),
    ],
)
def test_several_processes_are_an_execution_mode(given: Resources, said: str) -> None:
    assert execution(Trial(task="image/digits", architecture="mlp"), 1, given) == said
    members = group(said)
    assert (mode(members[0], on_gpu=members[1]) if members else "solo") == said


def test_no_other_mode_is_one_of_a_group() -> None:
    assert group("solo") is None
    assert group("fused-4") is None


def test_a_group_is_answered_by_its_own_code_too() -> None:
    sources = {source("image/digits", "mlp", one) for one in ("solo", "fused-2", "parallel-2")}
    assert len(sources) == 3


def test_arms_that_a_group_cannot_train_are_impossible_and_the_others_are_not() -> None:
    levels = {"norm": ("layer", "batch"), "dropout": (0.0, 0.2)}
    assert impossible(study(factors=levels)) == ()
    large = study(factors=levels, resources={"processes": 2})
    assert {reason.split(" ")[0]: count for _, _, reason, count in impossible(large)} == {"norm": 2, "dropout": 1}
    assert [trial.tricks.norm for trial in trials(large)] == ["layer"]


def test_words() -> None:
    assert Resources().words == "1 CPU"
    assert Resources(processes=2, cpus=3, gpus=0.5).words == "2 processes, each with 3 CPU and 0.5 GPU"
