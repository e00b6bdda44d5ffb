"""The search: every arm is tried at the same points, on validation, and goes on with its own best."""

from collections.abc import Callable

import pytest

from suite.adaptive import wanted
from suite.analysis.search import TUNING_SEED, chosen, counted
from suite.analysis.table import spread, table
from suite.arms import arms, inert
from suite.record import Record
from suite.search import every, tries
from suite.study import Study, StudyError
from suite.trial import Trial
from tests.analysis.conftest import _record

RATES = (1e-4, 1e-3, 1e-2)
Score = Callable[[Trial], float | None]


def study(**fields: object) -> Study:
    given = {
        "question": "?",
        "tasks": ("image/digits",),
        "architectures": ("mlp", "cnn"),
        "factors": {"norm": ("none", "layer")},
        "tune": {"rate": RATES, "clip": (0.0, 1.0)},
        "seeds": 3,
    }
    return Study(**(given | fields))


def run(asked: Study, score: Score) -> tuple[Trial, ...]:
    """Answer what is asked for until nothing more is."""
    records: dict[str, Record] = {}
    while True:
        missing = [trial for trial in wanted(asked, records.values()) if trial.id not in records]
        if not missing:
            return wanted(asked, records.values())
        records |= {trial.id: _record(trial, score(trial)) for trial in missing}


def likes(trial: Trial) -> float:
    """An MLP wants the middle rate, a convolution the highest, and without a norm all are clipped."""
    best = 1e-3 if trial.architecture == "mlp" else 1e-2
    return 0.5 + 0.3 * (trial.budget.rate == best) + 0.1 * ((trial.budget.clip == 1.0) == (trial.tricks.norm == "none"))


def test_every_arm_is_tried_at_every_point_on_a_block_of_its_own() -> None:
    found = tries(study())
    assert len(found) == len({trial.id for trial in found}) == 4 * 6
    assert {trial.seed for trial in found} == {TUNING_SEED}
    assert wanted(study(), []) == found


def test_nothing_else_is_asked_for_while_a_try_is_missing() -> None:
    *most, last = tries(study())
    assert every(study(), [_record(trial, 0.5) for trial in most], (*most, last)) == ()


def test_every_arm_goes_on_with_its_own_best() -> None:
    answering = [trial for trial in run(study(), likes) if trial.seed < TUNING_SEED]
    assert len(answering) == 4 * 3
    assert {(t.architecture, t.tricks.norm, t.budget.rate, t.budget.clip) for t in answering} == {
        ("mlp", "none", 1e-3, 1.0),
        ("mlp", "layer", 1e-3, 0.0),
        ("cnn", "none", 1e-2, 1.0),
        ("cnn", "layer", 1e-2, 0.0),
    }
    assert [trial.seed for trial in answering] == sorted(trial.seed for trial in answering)


def test_the_first_point_is_taken_among_equals() -> None:
    answering = [trial for trial in run(study(), lambda trial: 0.5) if trial.seed < TUNING_SEED]
    assert {(trial.budget.rate, trial.budget.clip) for trial in answering} == {(1e-4, 0.0)}


def test_what_did_not_finish_is_not_chosen_but_counted() -> None:
    def score(trial: Trial) -> float | None:
        return None if trial.budget.rate == 1e-2 else trial.budget.rate

    asked = study(architectures=("mlp",), tune={"rate": RATES})
    rows = table(_record(trial, score(trial)) for trial in tries(asked))
    found = chosen(rows, asked.factors, asked.tune)
    assert list(found["rate"]) == [1e-3, 1e-3]
    assert list(found["n_tried"]) == [3, 3]
    assert list(found["n_lost"]) == [1, 1]
    assert found["seconds"].tolist() == pytest.approx(rows.groupby("norm")["seconds"].sum().tolist())


def test_where_nothing_finished_the_first_point_goes_on_and_fails_in_the_open() -> None:
    answering = [trial for trial in run(study(), lambda trial: None) if trial.seed < TUNING_SEED]
    assert {(trial.budget.rate, trial.budget.clip) for trial in answering} == {(1e-4, 0.0)}
    assert len(answering) == 12


def test_answers_are_not_made_of_the_search() -> None:
    rows = table(_record(trial, likes(trial)) for trial in run(study(), likes))
    assert len(rows) == 24 + 12
    assert len(counted(rows)) == 12
    assert counted(rows)["seed"].max() == 2


def test_an_architecture_that_ignores_a_tuned_setting_is_tried_once() -> None:
    asked = study(architectures=("mlp",), tune={"kernel": (3, 5)})
    assert len(tries(asked)) == 2
    assert len(run(asked, lambda trial: 0.5)) == 2 + 2 * 3


def test_arms_that_are_one_network_are_searched_once_and_stand_under_each() -> None:
    asked = study(architectures=("mlp",), factors={"kernel": (3, 5)}, tune={"rate": RATES})
    assert len(tries(asked)) == 3
    rows = spread(table(_record(t, likes(t)) for t in tries(asked)), asked.arms(), inert(asked))
    assert chosen(rows, asked.factors, asked.tune)[["kernel", "rate"]].to_numpy().tolist() == [[3, 1e-3], [5, 1e-3]]


def test_points_that_an_architecture_refuses_are_left_out() -> None:
    asked = study(architectures=("transformer",), factors={}, tune={"activation": ("gelu", "relu")}, seeds=1)
    assert len(tries(asked)) == 2
    assert len(arms(asked)) == 1


def test_seeds_are_added_after_the_search() -> None:
    asked = study(factors={"norm": ("none", "layer")}, tune={"rate": RATES}, seeds="until-decided", looks=(3, 6))
    found = run(asked, lambda trial: 0.9 if trial.tricks.norm == "layer" else 0.5 + trial.seed % 7 / 100)
    assert len([trial for trial in found if trial.seed == TUNING_SEED]) == 4 * 3
    assert {trial.seed for trial in found if trial.seed < TUNING_SEED} == set(range(3))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"tune": {"rate": ()}}, "there must be at least one"),
        ({"tune": {"speed": (1, 2)}}, "no factor 'speed'"),
        ({"tune": {"norm": ("layer", "rms")}}, "norm is tuned, so it is neither a factor nor in the baseline"),
        ({"tune": {"depth": (2, 4)}, "match": "parameters"}, "so depth cannot be tuned"),
        ({"tune": {"steps": (200, 400)}, "match": "flops"}, "so steps cannot be tuned"),
        ({"tune": {"rate": {1e-3, 1e-2}}}, "is a set"),
    ],
)
def test_a_search_that_makes_no_sense_is_refused(fields: dict[str, object], said: str) -> None:
    with pytest.raises(StudyError, match=said):
        study(**fields)
