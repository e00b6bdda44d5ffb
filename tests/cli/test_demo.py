"""The demonstration is a part of the first study."""

import json

from suite.arms import trials
from suite.cli import demo
from suite.study_file import load
from suite.subset import subset
from tests.cli.conftest import Wonderland


def test_its_trials_are_those_it_says(wonderland: Wonderland) -> None:
    study = load(demo.STUDY)[1]
    part = trials(subset(study, demo.PART))
    assert len(part) == demo.TRIALS
    assert {trial.id for trial in part} < {trial.id for trial in trials(study)}, (
        "so that the whole study goes on from it"
    )
    assert f"{demo.TRIALS} trials" in wonderland("demo", "--help").out
    words = [word for one in demo.PART for word in ("--only", one)]
    assert json.loads(wonderland("plan", demo.STUDY, *words, "--json").out)["new"] == demo.TRIALS
