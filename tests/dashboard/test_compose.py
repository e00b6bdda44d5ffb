"""Compose: what a form says becomes a study, its files say the same, and the page plans and runs nothing itself."""

import ast
import runpy
from pathlib import Path
from types import ModuleType

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import draft, planning
from dashboard.draft import Draft
from suite import catalog
from suite.study import StudyError
from suite.study_file import load
from tests.dashboard.viewer import page, told

DRAFT = Draft(
    name="mine",
    question='Does "depth" help?\n"""',
    tasks=("image/digits", "series/mnist1d"),
    architectures=("mlp", "cnn"),
    factors={"norm": ("none", "batch"), "depth": (2, 8)},
    baseline={"width": 16, "steps": 5},
    seeds=2,
)


def test_both_files_are_the_study(tmp_path: Path) -> None:
    for ending, text in ((".py", draft.as_python(DRAFT)), (".json", draft.as_json(DRAFT))):
        path = tmp_path / f"mine{ending}"
        path.write_text(text)
        name, study = load(str(path))
        assert (name, study) == ("mine", draft.study(DRAFT))
    assert runpy.run_path(str(tmp_path / "mine.py"))["STUDY"].question == 'Does "depth" help?\n"""'


def test_defaults_are_left_out() -> None:
    said = draft.fields(Draft(name="mine", question="", tasks=("image/digits",), architectures=("mlp",)))
    assert set(said) == {"question", "tasks", "architectures", "seeds"}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"tasks": ()}, "a study needs a task"),
        ({"architectures": ()}, "a study needs an architecture"),
        ({"factors": {"norm": ("none",)}}, "norm is varied, so it needs two levels or more"),
        ({"name": "../x"}, "'../x' cannot name a study"),
        ({"baseline": {"norm": "layer"}}, "norm is in the baseline and in the factors"),
        ({"tasks": ("image/digit",)}, "did you mean 'image/digits'"),
        ({"match": "flops", "factors": {"width": (8, 16)}, "baseline": {}}, "width cannot be a factor"),
    ],
)
def test_what_is_no_study_is_said_in_one_sentence(change: dict[str, object], sentence: str) -> None:
    given = {name: getattr(DRAFT, name) for name in Draft.__dataclass_fields__} | change
    with pytest.raises(StudyError, match=sentence):
        draft.study(Draft(**given))


def test_levels_of_numbers() -> None:
    assert draft.numbers("depth", "2, 8 16") == (2, 8, 16)
    assert draft.numbers("rate", "1e-3, .01") == (0.001, 0.01)
    with pytest.raises(StudyError, match="the levels of depth are whole numbers"):
        draft.numbers("depth", "two")


def composed(**query: str | list[str]) -> AppTest:
    asked = {"new_tasks": ["image/digits"], "new_architectures": ["mlp", "gcn"], "new_seeds": "2"} | query
    return page("compose", **asked)


def test_it_begins_with_what_is_missing(runs: Path) -> None:
    assert "A study needs a task; choose at least one." in told(page("compose"))


def test_the_address_is_the_whole_form(runs: Path) -> None:
    app = composed(
        new_name="norms", new_vary=["norm", "depth"], vary_norm=["none", "batch"], vary_depth="2, 8",
        new_fix=["steps"], fix_steps="5",
    )  # fmt: skip
    file, commands = (code.value for code in app.code[:2])
    assert '"norm": ("none", "batch"), "depth": (2, 8)' in file
    assert 'baseline={"steps": 5}' in file
    assert "wonderland sweep norms.py" in commands
    assert "At most 16 trials." in told(app)
    assert len(app.get("download_button")) == 2


def test_a_number_that_is_none_is_said(runs: Path) -> None:
    assert "The levels of depth are whole numbers" in told(composed(new_vary=["depth"], vary_depth="two"))


def test_the_plan_is_that_of_the_command_line(runs: Path) -> None:
    """The pair that cannot meet is said with its reason, and nothing is swept."""
    app = composed(new_fix=["steps"], fix_steps="2")
    app.button(key="plan").click().run(timeout=120)
    assert not app.exception
    assert {metric.label: metric.value for metric in app.metric} == {
        "New": "2", "Cached": "0", "Stale": "0", "Impossible": "2",
    }  # fmt: skip
    assert "image/digits with gcn: gcn does not accept image data" in told(app)
    assert "of this machine" in told(app)
    assert not runs.exists()


def test_what_the_command_refuses_is_said(runs: Path, made: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "COMMAND", ("/bin/sh", "-c", "echo wonderland: no room >&2; exit 4", "sh"))
    app = composed(new_fix=["steps"], fix_steps="3")
    app.button(key="plan").click().run(timeout=60)
    assert "no room" in told(app)


def test_a_form_begins_from_a_study_of_the_catalogue(runs: Path) -> None:
    app = page("compose")
    app.selectbox(key="begin_from").set_value("h30_residual_depth").run()
    assert not app.exception
    link = app.get("page_link")[0].proto
    assert link.label == "Fill the form with h30_residual_depth"


@pytest.mark.parametrize("name", [name for name in catalog.study_names() if not load(name)[1].rows])
def test_a_link_fills_the_form_with_that_study(name: str, runs: Path) -> None:
    study = load(name)[1]
    app = page("compose", **draft.address(name, study))
    assert f"wonderland sweep my_{name}.py" in app.code[1].value
    said = ast.parse(app.code[0].value).body[-1]
    assert isinstance(said, ast.Assign)
    again = {word.arg: word.value for word in said.value.keywords}  # type: ignore[attr-defined]
    for field in ("tasks", "architectures", "factors", "baseline"):
        value = ast.literal_eval(again[field]) if field in again else type(getattr(study, field))()
        assert value == getattr(study, field)
