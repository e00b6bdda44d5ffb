"""Adaptive seeds: a pure function of the records, with controlled error, that stops where there is nothing to learn."""

from collections.abc import Callable, Iterable

import numpy as np
import pytest

from suite.adaptive import CLAIM, Stage, stage
from suite.analysis.layout import Layout
from suite.answer import Answer
from suite.arms import trials
from suite.claim import Claim
from suite.plan import planned
from suite.record import Record
from suite.study import Study, StudyError
from suite.trial import Trial
from tests.analysis.conftest import _record

LOOKS = (4, 8, 12)
Score = Callable[[Trial], float]


def study(**fields: object) -> Study:
    given = {
        "question": "?",
        "tasks": ("image/digits",),
        "architectures": ("mlp",),
        "factors": {"norm": ("none", "batch", "layer"), "residual": ("none", "add")},
        "design": "one_at_a_time",
        "seeds": "until-decided",
        "looks": LOOKS,
    }
    return Study(**(given | fields))


def scores(worth: dict[object, float], spread: float = 0.01, start: int = 0) -> Score:
    """What each level is worth, and noise that depends on the trial alone."""

    def score(trial: Trial) -> float:
        noise = np.random.default_rng([start, int(trial.id, 16)]).normal(0, spread)
        levels = (trial.tricks.norm, trial.tricks.residual)
        return float(0.5 + sum(worth.get(level, 0.0) for level in levels) + noise)

    return score


def run(asked: Study, score: Score) -> tuple[Stage, list[int]]:
    """Answer whatever is asked for until nothing more is; the last stage, and the looks it went through."""
    records: dict[str, Record] = {}
    reached = list[int]()
    while True:
        now = stage(asked, records.values())
        missing = [trial for trial in now.wanted if trial.id not in records]
        if not missing:
            return now, reached
        reached.append(now.seeds)
        records |= {trial.id: _record(trial, score(trial)) for trial in missing}


def test_it_begins_with_all_arms_up_to_the_first_look() -> None:
    now = stage(study(), [])
    assert [trial.seed for trial in now.wanted] == [seed for seed in range(4) for _ in range(4)]
    assert (now.seeds, len(now.open), now.planned) == (4, 3, 48)


def test_large_effects_are_settled_early_and_their_arms_get_no_more_seeds() -> None:
    done, reached = run(study(), scores({"batch": 0.5, "add": 0.5, "layer": 0.002}))
    assert reached == list(LOOKS)
    seeds = dict.fromkeys(("batch", "layer", "add"), 0)
    for trial in done.wanted:
        for level in (trial.tricks.norm, trial.tricks.residual):
            if level in seeds:
                seeds[level] += 1
    assert seeds["layer"] == 12
    assert seeds["batch"] < 12
    assert done.settled["norm", "batch"][1] == "better"
    assert done.saved == 48 - len(done.wanted) > 0


def test_a_margin_ends_what_is_too_small_to_matter() -> None:
    done, reached = run(study(margin=0.2), scores({}))
    assert {how for _, how in done.settled.values()} == {"equivalent"}
    assert reached[-1] < LOOKS[-1]
    assert done.open == ()


def test_what_stays_open_at_the_cap_is_open() -> None:
    done, reached = run(study(), scores({}))
    assert reached == list(LOOKS)
    assert len(done.wanted) == len(trials(study())) == done.planned
    assert len(done.open) == 3
    assert done.saved == 0


def test_the_same_records_ask_for_the_same_trials_in_any_order() -> None:
    asked, score = study(), scores({"batch": 0.5})
    records = [_record(trial, score(trial)) for trial in stage(asked, []).wanted]
    again: Iterable[Record] = reversed(records)
    assert stage(asked, records) == stage(asked, again)
    assert stage(asked, records[:-1]).wanted == stage(asked, []).wanted, "not before the look is whole"


def test_a_failure_is_an_answer_too() -> None:
    asked = study()
    lost = [_record(trial, None, outcome="diverged") for trial in stage(asked, []).wanted]
    assert stage(asked, lost).seeds == 8


def test_under_no_effect_a_study_decides_something_in_five_of_a_hundred_at_most() -> None:
    """Within three standard errors; the levels themselves are tested on many more series in test_sequential."""
    asked = study(factors={"residual": ("none", "add")})
    wrong = sum(bool(run(asked, scores({}, start=start))[0].settled) for start in range(40))
    assert wrong <= 40 * (0.05 + 3 * (0.05 * 0.95 / 40) ** 0.5)


def two(**fields: object) -> Study:
    """Two claims: one about architectures, one about an effect in one of them."""
    common = {"says": "?", "expects": "better", "source": "a test"}
    claims = (
        Claim(id="A", factor="architecture", level="cnn", reference="mlp", within={"norm": "layer"}, **common),
        Claim(id="B", factor="norm", level="layer", reference="none", architectures=("mlp",), **common),
    )
    return study(architectures=("mlp", "cnn"), factors={"norm": ("none", "layer")}, claims=claims, **fields)


def test_what_is_decided_are_the_claims_where_there_are_some() -> None:
    asked, noise = two(), scores({})

    def score(trial: Trial) -> float:
        return noise(trial) + (0.5 if trial.architecture == "cnn" else 0)

    done, reached = run(asked, score)
    assert reached == list(LOOKS)
    assert done.settled[CLAIM, "A"][1] == "supported"
    assert done.open == ((CLAIM, "B"),)
    late = {(t.architecture, t.tricks.norm) for t in done.wanted if t.seed >= done.settled[CLAIM, "A"][0]}
    assert late == {("mlp", "none"), ("mlp", "layer")}, "only what the open claim compares"
    assert done.sentence.startswith("1 of 2 claims settled after 12 seeds;")


def test_a_study_with_nothing_to_decide_is_refused() -> None:
    with pytest.raises(StudyError, match="until-decided needs something to decide"):
        study(factors={}, architectures=("mlp", "cnn"))


def test_runs_that_were_saved_are_not_lost() -> None:
    """What was never asked for is missing nowhere: not in the table, not in the board, not in the sentence."""
    asked, score = study(), scores({"batch": 0.5, "add": 0.5, "layer": 0.002})
    done, _ = run(asked, score)
    records = tuple(_record(trial, score(trial)) for trial in done.wanted)
    assert done.saved
    found = Answer(planned("mine", asked, "mine", done.wanted), records)
    assert (found.effects["n_missing"] == 0).all()
    assert (found.leaderboard["n_missing"] == 0).all()
    assert "no record" not in found.finding
    assert "lost" not in found.finding
    lost = replace_outcome(records[-1])
    told = Answer(found.plan, (*records[:-1], lost))
    assert told.effects["n_missing"].max() == 1, "what was asked for and failed is"


def replace_outcome(record: Record) -> Record:
    return _record(record.trial, None, outcome="failed")


def test_an_effect_counts_as_decided_at_the_level_of_the_last_look() -> None:
    """With p between that level and five percent, a table of a fixed plan would say "better"."""
    layout = Layout(looks=LOOKS)
    assert 0.04 < layout.alpha(0.95) < 0.05
    assert Layout().alpha(0.95) == pytest.approx(0.05)


def test_looks_must_rise() -> None:
    with pytest.raises(StudyError, match="looks are taken after rising numbers of seeds"):
        study(looks=(8, 4))
