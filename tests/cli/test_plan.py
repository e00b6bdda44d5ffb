"""Plans: what each arm changes and needs, parts of studies, and files that are run as they were made or refused."""

import json
from pathlib import Path

import pytest

from suite import ledger, plan_file
from suite.arms import trials
from suite.provenance import source
from suite.store import Store
from suite.study import Study, StudyError
from suite.study_file import load
from suite.subset import subset
from tests.cli.conftest import Wonderland
from tests.fake_engine import made

STUDY = """
from suite.study import Study
STUDY = Study(question="?", tasks=("image/digits", "tabular/breast_cancer"), architectures=("mlp", "gru"),
              factors={"norm": ("none", "layer"), "heads": (1, 4)}, baseline={"steps": 5, "width": 8}, seeds=2)
"""
MATCHED = """
from suite.study import Study
STUDY = Study(question="?", tasks=("image/digits",), architectures=("mlp", "transformer"),
              factors={"residual": ("none", "add")}, baseline={"depth": 1, "width": 16}, seeds=1, match="parameters")
"""


@pytest.fixture
def study(tmp_path: Path) -> Study:
    (tmp_path / "mine.py").write_text(STUDY)
    return load(str(tmp_path / "mine.py"))[1]


def planned(wonderland: Wonderland, *words: str) -> dict[str, object]:
    done = wonderland("plan", "mine.py", "--json", *words)
    assert done.code == 0, done.err
    found = json.loads(done.out)
    assert isinstance(found, dict)
    return found


def test_each_arm_has_its_change_and_its_counts(wonderland: Wonderland, study: Study) -> None:
    """Neither architecture heeds `heads`, so that half of the arms are the others under a second name."""
    found = planned(wonderland)
    assert (found["new"], found["impossible"]) == (12, 8)  # a GRU takes no tables: 4 arms by 2 seeds
    arms, counts = found["arms"], found["counts"]
    assert isinstance(arms, list)
    assert isinstance(counts, list)
    assert {arm["norm"]: count["new"] for arm, count in zip(arms, counts, strict=True) if arm["heads"] == 1} == {
        "none": 6,
        "layer": 6,
    }
    assert [count["new"] for arm, count in zip(arms, counts, strict=True) if arm["heads"] == 4] == [0, 0]
    said = wonderland("plan", "mine.py")
    assert "reference: norm none, heads 1" in said.out
    assert "norm layer, heads 4" in said.out
    assert "of disk" in said.out
    assert "wonderland sweep mine.py" in said.err


def test_what_is_answered_is_cached_in_its_arm(wonderland: Wonderland, study: Study, tmp_path: Path) -> None:
    asked = trials(study)
    with ledger.owned(Store(tmp_path / "runs").folder("mine")) as book:
        book.append([made(trial) for trial in asked if trial.tricks.norm == "none"])
    found = planned(wonderland)
    counts = found["counts"]
    assert isinstance(counts, list)
    assert (found["new"], found["cached"], counts[0]) == (6, 6, {"new": 0, "cached": 6, "stale": 0})


def test_a_dry_run_of_a_sweep_is_its_plan(wonderland: Wonderland, study: Study, tmp_path: Path) -> None:
    words = ("mine.py", "--only", "task=image/digits", "--seeds", "1", "--json")
    plan, dry = wonderland("plan", *words), wonderland("sweep", *words, "--dry-run")
    assert dry.code == 0
    assert {**json.loads(dry.out), "seconds": 0} == {**json.loads(plan.out), "seconds": 0}  # a guess is timed anew
    assert not (tmp_path / "runs").exists()


def test_exit_code_2_only_where_it_is_asked_for(wonderland: Wonderland, study: Study) -> None:
    assert wonderland("plan", "mine.py").code == 0
    assert wonderland("plan", "mine.py", "--detailed-exitcode").code == 2


def test_widths_that_were_matched_are_shown(wonderland: Wonderland, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(MATCHED)
    rows = planned(wonderland)["widths"]
    assert isinstance(rows, list)
    widths = {row["architecture"]: (row["narrowest"], row["widest"]) for row in rows}
    assert widths["mlp"] == (16, 16), "the reference keeps its own"
    asked = [trial for trial in trials(load(str(tmp_path / "mine.py"))[1]) if trial.architecture == "transformer"]
    assert widths["transformer"] == (min(t.size.width for t in asked), max(t.size.width for t in asked))
    assert widths["transformer"][1] < 16
    assert "Widths that match the parameters" in wonderland("plan", "mine.py").out


def test_many_arms_are_cut_and_said_to_be(wonderland: Wonderland, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(STUDY.replace('"heads": (1, 4)', '"depth": tuple(range(1, 13))'))
    assert "20 of 24; --all shows the rest" in wonderland("plan", "mine.py").out
    assert "norm layer, depth 12" not in wonderland("plan", "mine.py").out
    assert "norm layer, depth 12" in wonderland("plan", "mine.py", "--all").out


def test_a_part_of_a_study(study: Study) -> None:
    part = subset(study, ["task=image", "architecture=mlp", "architecture=gru"], ["norm=none", "architecture=gru"])
    assert (part.tasks, part.architectures) == (("image/digits",), ("mlp",))
    assert part.factors == {"norm": ("layer",), "heads": (1, 4)}
    assert {trial.id for trial in trials(part)} < {trial.id for trial in trials(study)}
    assert subset(study) is study


def test_a_part_of_rows_and_claims_keeps_what_it_still_runs() -> None:
    references = load("references")[1]
    row = next(iter(references.rows))
    task, mixer = row.split(" ")
    part = subset(references, [f"task={task}", f"architecture={mixer}"])
    assert list(part.rows) == [row]
    assert part.with_seeds(1).seeds == 1, "rows name their tasks, which are not given again"
    claimed = load("h09_vanishing_sigmoid")[1]
    assert subset(claimed, ["depth=2"]).claims == ()
    assert subset(claimed, ["task=image/digits"]).claims == claimed.claims


@pytest.mark.parametrize(
    ("only", "message"),
    [
        (["norm"], "write KEY=VALUE"),
        (["norms=none"], "did you mean 'norm'"),
        (["norm=batch"], "none, layer"),
        (["task=imag"], "image/digits, tabular/breast_cancer"),
    ],
)
def test_a_part_that_is_none_names_the_choices(study: Study, only: list[str], message: str) -> None:
    with pytest.raises(StudyError, match=message):
        subset(study, only)


def test_nothing_left_is_an_error(study: Study) -> None:
    with pytest.raises(StudyError, match="no architecture is left of mlp, gru"):
        subset(study, skip=["architecture=mlp", "architecture=gru"])


def test_what_widths_are_matched_with_cannot_be_left_out(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(MATCHED)
    matched = load(str(tmp_path / "mine.py"))[1]
    for skip in ("architecture=mlp", "residual=none"):
        with pytest.raises(StudyError, match="matches the parameters"):
            subset(matched, skip=[skip])
    assert {t.id for t in trials(subset(matched, skip=["residual=add"]))} < {t.id for t in trials(matched)}


def test_a_plan_file_holds_the_study_and_what_would_answer_it(wonderland: Wonderland, study: Study) -> None:
    found = planned(wonderland, "--out", "plan.json", "--only", "task=image")
    plan = plan_file.read(Path("plan.json"))
    assert plan is not None
    assert plan.load() == subset(study, ["task=image"])
    assert list(plan.trials) == found["trials"]
    assert set(plan.code) == {"image/digits mlp solo", "image/digits gru solo"}
    assert set(plan.data) == {"image/digits seed 0", "image/digits seed 1"}
    again = json.loads(wonderland("plan", "plan.json", "--json").out)
    assert (again["study"], again["trials"]) == ("mine", found["trials"])


def test_a_plan_of_trials_that_are_trained_together_knows_the_code_of_that(
    wonderland: Wonderland, study: Study
) -> None:
    planned(wonderland, "--out", "plan.json", "--fused", "2", "--only", "architecture=mlp", "--only", "task=image")
    plan = plan_file.read(Path("plan.json"))
    assert plan is not None
    assert plan.code == {"image/digits mlp fused-2": source("image/digits", "mlp", "fused-2")}
    assert source("image/digits", "mlp", "fused-2") != source("image/digits", "mlp")


@pytest.mark.parametrize(
    ("part", "key", "message"),
    [
        ("code", "image/digits mlp solo", "moved: the code of image/digits mlp solo"),
        ("data", "tabular/breast_cancer seed 1", "moved: the data of tabular/breast_cancer seed 1"),
    ],
)
@pytest.mark.parametrize("verb", ["plan", "sweep"])
def test_a_plan_of_other_code_or_data_is_refused(
    wonderland: Wonderland, study: Study, tmp_path: Path, part: str, key: str, message: str, verb: str
) -> None:
    planned(wonderland, "--out", "plan.json")
    fields = json.loads(Path("plan.json").read_text())
    fields[part][key] = "0" * 16
    Path("plan.json").write_text(json.dumps(fields))
    done = wonderland(verb, "plan.json")
    assert done.code == 2
    assert message in done.err
    assert done.out == ""
    assert not (tmp_path / "runs").exists()


def test_a_plan_of_trials_that_are_no_more_is_refused(wonderland: Wonderland, study: Study) -> None:
    planned(wonderland, "--out", "plan.json")
    fields = json.loads(Path("plan.json").read_text())
    fields["trials"][0] = "0" * 12
    Path("plan.json").write_text(json.dumps(fields))
    assert "1 of 12 trials, which are no longer in the study" in wonderland("sweep", "plan.json").err


def test_a_damaged_or_foreign_plan_is_refused(wonderland: Wonderland, study: Study) -> None:
    planned(wonderland, "--out", "plan.json")
    text = Path("plan.json").read_text()
    for damaged, message in (
        (text[:300], "damaged plan"),
        (text.replace('"name": "mine"', '"name": "../evil"'), "cannot name a study"),
        (text.replace('"version": 1', '"version": 2'), "damaged plan"),
    ):
        Path("plan.json").write_text(damaged)
        done = wonderland("sweep", "plan.json")
        assert (done.code, done.out) == (2, "")
        assert message in done.err


def test_a_plan_is_not_changed_when_it_is_run(wonderland: Wonderland, study: Study) -> None:
    planned(wonderland, "--out", "plan.json")
    done = wonderland("sweep", "plan.json", "--seeds", "1")
    assert done.code == 2
    assert "give --seeds, --only and --skip when planning" in done.err
    assert wonderland("plan", "mine.py", "--out", "plan.txt").code == 2
