"""Compose: what a form says becomes a study, its files say the same, and the page plans and runs nothing itself."""

import json
import runpy
from pathlib import Path
from types import ModuleType

import pytest
from streamlit.testing.v1 import AppTest
from typer.testing import CliRunner

from dashboard import draft, planning
from dashboard.draft import Draft
from suite import catalog
from suite.claim import Claim
from suite.cli.main import app as command_line
from suite.resources import Resources
from suite.study import UNTIL_DECIDED, StudyError
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
    asked: dict[str, str | list[str]] = {"new_tasks": ["image/digits"], "new_architectures": ["mlp", "gcn"]}
    asked |= {"new_seeds": "2"} | query
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


@pytest.mark.parametrize("name", catalog.study_names())
def test_a_link_fills_the_form_with_that_study(name: str, runs: Path, tmp_path: Path) -> None:
    """The file that the page gives is the very study, so that it plans to the same trials."""
    study = load(name)[1]
    app = page("compose", **draft.address(name, study))
    assert f"wonderland sweep my_{name}.py" in app.code[1].value
    (tmp_path / f"my_{name}.py").write_text(app.code[0].value)
    again = load(str(tmp_path / f"my_{name}.py"))[1]
    held = study.claims[: draft.MOST_CLAIMS]
    looks = again.looks if study.seeds == UNTIL_DECIDED else study.looks  # they say nothing where seeds are a number
    assert again == study.model_copy(update={"question": study.question.strip(), "claims": held, "looks": looks})


WHOLE = Draft(
    name="whole",
    question="All that a file can say?",
    tasks=("image/digits", "series/mnist1d"),
    architectures=("mlp", "cnn"),
    factors={"norm": ("none", "batch"), "depth": (2, 8), "residual": ("none", "add")},
    baseline={"steps": 5},
    rows={"image/digits mlp": {}, "image/digits cnn": {"width": 32, "batch": 16}, "series/mnist1d cnn": {}},
    forbidden=({"norm": "none", "depth": 8}, {"norm": "batch", "depth": 8, "residual": "add"}),
    tune={"rate": (0.001, 0.01)},
    looks=(2, 4),
    margin=0.01,
    claims=(
        Claim(
            id="C1",
            says='Batch "helps".',
            factor="norm",
            level="batch",
            reference="none",
            expects="better",
            source="ours",
        ),
        Claim(
            id="H7",
            says="Residuals help more where it is deep.",
            factor="residual",
            level="add",
            reference="none",
            expects="better",
            source="ours",
            margin=0.005,
            by="depth",
            by_level=8,
            by_reference=2,
            within={"norm": "none", "architecture": "cnn"},
            tasks=("image/digits",),
            architectures=("cnn",),
        ),
    ),
    resources=Resources(processes=2, cpus=2.0),
)


def test_both_files_say_all_that_a_study_can(tmp_path: Path) -> None:
    for ending, text in ((".py", draft.as_python(WHOLE)), (".json", draft.as_json(WHOLE))):
        path = tmp_path / f"whole{ending}"
        path.write_text(text)
        study = load(str(path))[1]
        assert study == draft.study(WHOLE)
        assert study.pairs == (("image/digits", "mlp"), ("image/digits", "cnn"), ("series/mnist1d", "cnn"))
        assert study.rows["image/digits cnn"] == {"width": 32, "batch": 16}
        assert (study.seeds, study.looks, study.margin) == ("until-decided", (2, 4), 0.01)
        assert study.tune == {"rate": (0.001, 0.01)}
        assert len(study.forbidden[1]) == 3
        assert (study.resources.processes, study.resources.cpus) == (2, 2.0)
        assert study.claims[0].says == 'Batch "helps".'


FORM: dict[str, str | list[str]] = {
    "new_name": "whole", "new_question": "All that a file can say?", "new_tasks": ["image/digits", "series/mnist1d"],
    "new_architectures": ["mlp", "cnn"], "new_vary": ["norm", "depth", "residual"], "vary_norm": ["none", "batch"],
    "vary_depth": "2, 8", "vary_residual": ["none", "add"], "new_fix": ["steps"], "fix_steps": "5",
    "new_tune": ["rate"], "tune_rate": "0.001, 0.01",
    "new_rows": ["image/digits mlp", "image/digits cnn", "series/mnist1d cnn"], "new_own": ["image/digits cnn"],
    "row_image/digits cnn": "width 32, batch 16", "new_forbidden": ["norm none, depth 8"],
    "new_never": "norm batch, depth 8, residual add",
    "new_until": "true", "new_looks": "2, 4", "new_margin": "0.01", "new_claims": "2", "claim1_says": 'Batch "helps".',
    "claim1_factor": "norm", "claim1_from": "none", "claim1_to": "batch", "claim1_expects": "better",
    "claim2_says": "Residuals help more where it is deep.", "claim2_factor": "residual", "claim2_from": "none",
    "claim2_to": "add", "claim2_margin": "0.005", "claim2_by": "depth", "claim2_by_from": "2", "claim2_by_to": "8",
    "claim2_within": "norm none, architecture cnn", "claim2_tasks": ["image/digits"], "claim2_architectures": ["cnn"],
    "claim2_id": "H7", "new_needs": "true", "new_processes": "2", "new_cpus": "2.0",
}  # fmt: skip


def test_the_address_says_all_that_a_study_can_and_the_file_is_planned_as_shown(runs: Path, tmp_path: Path) -> None:
    """The file that the page gives is written, and `wonderland plan` counts the trials that the page counted."""
    app = page("compose", **FORM)
    assert app.code[0].value.rstrip() == draft.as_python(WHOLE).rstrip()
    app.button(key="plan").click().run(timeout=560)
    assert not app.exception
    shown = {metric.label: metric.value for metric in app.metric}
    (tmp_path / "whole.py").write_text(app.code[0].value)
    words = ["plan", str(tmp_path / "whole.py"), "--json", "--runs", str(runs)]
    result = CliRunner().invoke(command_line, words)
    assert result.exit_code == 0, result.output
    plan = json.loads(result.stdout)
    assert shown == {name.capitalize(): f"{plan[name]:,}" for name in ("new", "cached", "stale", "impossible")}
    assert shown["New"] != "0"


def test_a_link_brings_all_of_it_along(runs: Path) -> None:
    study = draft.study(WHOLE)
    said = page("compose", **draft.address("whole", study)).code[0].value
    assert said.replace("my_whole", "whole").rstrip() == draft.as_python(WHOLE).rstrip()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("with 32", "There is no setting 'with'; did you mean 'width'?"),
        ("norm batchy", "Norm is one of none, batch"),
        ("width", "'width' is no setting with one level, such as width 64"),
    ],
)
def test_settings_in_words_that_are_none(words: str, sentence: str, runs: Path) -> None:
    assert sentence in told(composed(new_own=["image/digits mlp"], **{"row_image/digits mlp": words}))


def test_a_claim_without_words_is_asked_for(runs: Path) -> None:
    words = told(composed(new_vary=["norm"], vary_norm=["none", "batch"], new_claims="1"))
    assert "Claim 1 says nothing yet" in words
