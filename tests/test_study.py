"""A study becomes its trials, and a study that cannot be run is refused in one sentence."""

import json
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest

from suite import catalog
from suite.arms import impossible, trials
from suite.search import tries
from suite.study import Study, StudyError
from suite.study_file import load

GOOD: dict[str, Any] = {"question": "Does it help?", "tasks": ("image/digits",), "architectures": ("mlp",)}


def study(**fields: Any) -> Study:
    return Study(**(GOOD | fields))


@pytest.mark.parametrize("name", catalog.study_names())
def test_every_study_of_ours_can_be_run(name: str) -> None:
    title, ours = load(name)
    assert title == name
    assert ours.question.strip().endswith("?")
    asked = tries(ours) if ours.tune else trials(ours)
    assert 0 < len(asked) <= ours.size
    assert len({trial.id for trial in asked}) == len(asked)
    for trial in asked:
        assert catalog.refusal(trial.task, trial.architecture) is None


def test_trials_are_arms_times_pairs_times_seeds_block_by_block() -> None:
    ours = study(tasks=("image/digits", "series/mnist1d"), factors={"norm": ("none", "rms"), "depth": (1, 2)}, seeds=3)
    asked = trials(ours)
    assert len(asked) == 2 * 4 * 3 == ours.size
    assert [trial.seed for trial in asked] == [0] * 8 + [1] * 8 + [2] * 8
    assert {(trial.tricks.norm, trial.size.depth) for trial in asked[:4]} == {
        (n, d) for n in ("none", "rms") for d in (1, 2)
    }
    assert asked[0].levels["norm"] == "none", "the reference first"


def test_the_baseline_holds_wherever_no_factor_moves() -> None:
    ours = study(factors={"norm": ("none", "rms")}, baseline={"width": 8, "steps": 5})
    assert {(trial.size.width, trial.budget.steps) for trial in trials(ours)} == {(8, 5)}
    assert ours.reference == {"norm": "none"}


def test_pairs_that_cannot_meet_are_counted_and_not_hidden() -> None:
    ours = study(tasks=("image/digits", "tabular/diabetes"), architectures=("cnn",), factors={"depth": (1, 2)}, seeds=3)
    (lost,) = impossible(ours)
    assert (lost.task, lost.architecture, lost.trials) == ("tabular/diabetes", "cnn", 6)
    assert "cnn does not accept tabular data; it accepts series, " in lost.reason
    assert len(trials(ours)) + lost.trials == ours.size


def test_it_has_a_json_form(tmp_path: Path) -> None:
    ours = study(factors={"norm": ["none", "rms"], "dropout": [0, 0.5]}, baseline={"rate": 1e-2}, seeds=2)
    file = tmp_path / "mine.json"
    file.write_text(ours.model_dump_json())
    assert load(str(file)) == ("mine", ours)


def test_the_order_of_trials_is_the_same_in_every_process(python: Callable[..., str]) -> None:
    code = (
        "from suite.arms import trials; from suite.study_file import load; "
        "print(*(trial.id for trial in trials(load('first')[1])))"
    )
    assert python(code, PYTHONHASHSEED="1").split() == [trial.id for trial in trials(load("first")[1])]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"tasks": ("image/digit",)}, "no task 'image/digit'; did you mean 'image/digits'? There is "),
        ({"architectures": ("mpl",)}, "no architecture 'mpl'; did you mean 'mlp'? There is "),
        ({"tasks": ()}, "tasks: there must be at least one"),
        ({"tasks": ("image/digits", "image/digits")}, "tasks: 'image/digits' is there twice"),
        ({"architectures": ("mlp", "mlp")}, "architectures: 'mlp' is there twice"),
        ({"tasks": "image/digits"}, "tasks cannot be 'image/digits': it should be a valid tuple"),
        ({"tasks": {"image/digits"}}, "is a set, which has no first and no last; write a list"),
        ({"factors": {"norm": {"rms"}}}, "is a set, which has no first and no last; write a list"),
        ({"factors": {"nrom": ("rms",)}}, "no factor 'nrom'; one of norm, norm_place, residual"),
        (
            {"factors": {"norm": ("rms", "weight")}},
            "norm cannot be 'weight'; one of none, batch, layer, group, instance, rms",
        ),
        ({"factors": {"norm": ()}}, "levels of norm: there must be at least one"),
        ({"factors": {"norm": ("rms", "rms")}}, "levels of norm: 'rms' is there twice"),
        ({"factors": {"dropout": (0, 0.0)}}, "levels of dropout: 0.0 is there twice"),
        ({"factors": {"dropout": (0.0, -0.0)}}, "levels of dropout: -0.0 is there twice"),
        ({"factors": {"depth": (1, True)}}, "depth cannot be True: it should be a valid integer"),
        ({"factors": {"dropout": (float("nan"),)}}, "dropout cannot be nan: it should be a finite number"),
        ({"factors": {"depth": (2, [3])}}, "depth cannot be [3]: it should be a valid integer"),
        ({"factors": {"norm": "rms"}}, "factors.norm cannot be 'rms': it should be a valid tuple"),
        ({"baseline": {"norm": "weight"}}, "norm cannot be 'weight'; one of none, batch, layer, group, instance, rms"),
        ({"baseline": {"seed": 1}}, "no factor 'seed'; one of norm"),
        ({"baseline": {"norm": "rms"}, "factors": {"norm": ("rms",)}}, "norm is in the baseline and in the factors"),
        ({"seeds": 0}, "seeds cannot be 0: it should be a whole number from 1"),
        ({"seeds": True}, "seeds cannot be True: it should be a whole number"),
        ({"seeds": 1.5}, "seeds cannot be 1.5: it should be a whole number"),
        ({"design": "latin"}, "design cannot be 'latin'; one of factorial, one_at_a_time"),
        ({"desing": "factorial"}, "no key 'desing'; one of question, tasks, architectures, rows, factors, design"),
        ({"question": None}, "question cannot be None: it should be a valid string"),
    ],
)
def test_a_wrong_study_is_refused_in_one_sentence(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(StudyError) as refused:
        study(**wrong)
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_missing_key_is_named() -> None:
    with pytest.raises(StudyError, match="the key 'tasks' is missing"):
        Study(question="?", architectures=("mlp",))


@pytest.mark.parametrize(
    "wrong",
    [
        {"seeds": 10**12},
        {"factors": {name: tuple(range(1, 300)) for name in ("width", "depth", "patch", "steps")}},
        {"factors": {"width": tuple(range(1, 2_000_000))}},
        {"factors": {"width": (1,) * 2_000_000}},
    ],
)
def test_a_huge_study_is_refused_from_its_count(wrong: dict[str, Any]) -> None:
    started = perf_counter()
    with pytest.raises(StudyError, match=r"this study has [\d,]+ trials; the limit is 1,000,000"):
        study(**wrong)
    assert perf_counter() - started < 2


def test_many_levels_take_time_in_proportion() -> None:
    started = perf_counter()
    assert study(factors={"width": tuple(range(1, 20_001))}, seeds=1).size == 20_000
    assert perf_counter() - started < 5


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("mine.py", "import nothing_of_that_name", "does not import: ModuleNotFoundError"),
        ("mine.py", "STUDY = (", "does not import: SyntaxError"),
        ("mine.py", "raise SystemExit(3)", "does not import: SystemExit: 3"),
        ("mine.py", "study = 1", "exports no STUDY; it must have STUDY = Study(question="),
        ("mine.py", "STUDY = {'question': '?'}", "exports no STUDY"),
        (
            "mine.py",
            "from suite.study import Study\nSTUDY = Study(question='?', tasks=(), architectures=())",
            "at least one",
        ),
        ("mine.json", "{", "is not JSON"),
        ("mine.json", "[1]", "must hold one JSON object, the fields of a study: question, tasks"),
        ("mine.json", '{"question": "?"}', "the key 'tasks' is missing"),
        ("mine.json", json.dumps(GOOD | {"factors": {"rate": [float("nan")]}}), "NaN is not a finite number"),
    ],
)
def test_a_wrong_file_is_refused_with_its_name(tmp_path: Path, name: str, text: str, message: str) -> None:
    file = tmp_path / name
    file.write_text(text)
    with pytest.raises(StudyError) as refused:
        load(str(file))
    assert message in str(refused.value)
    assert str(file) in str(refused.value)


@pytest.mark.parametrize(
    ("name", "message"),
    [("frist", "no study 'frist'; did you mean 'first'"), ("nowhere/at_all.py", "no file nowhere/at_all.py")],
)
def test_a_study_that_is_not_there_is_named(name: str, message: str) -> None:
    with pytest.raises(StudyError, match=message):
        load(name)


def test_a_study_file_of_anybody_works(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text(f"from suite.study import Study\nSTUDY = Study(**{GOOD!r})\n")
    assert load(str(file)) == ("mine", study())
