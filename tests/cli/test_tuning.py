"""What every arm chose for itself, and what the search took, is shown where a tuned study is."""

import csv
import json
from pathlib import Path

import pytest

from suite import ledger
from suite.adaptive import wanted
from suite.analysis.search import TUNING_SEED
from suite.plan import planned
from suite.record import Record
from suite.reproduction.kept import keep, of
from suite.reproduction.verdict import Verdict
from suite.store import Store
from suite.study import Study
from tests.analysis.conftest import _record
from tests.cli.conftest import Wonderland
from tests.test_search import run

TUNED = Study(
    question="?",
    tasks=("image/digits",),
    architectures=("mlp", "cnn"),
    factors={"norm": ("none", "layer")},
    tune={"rate": (1e-4, 1e-3, 1e-2), "clip": (0.0, 1.0)},
    seeds=3,
)
SAID = "each arm chose its rate among 3 and its clip among 2 on validation: 24 tries, 48 s"


def score(trial: object) -> float:
    return 0.5 + 0.3 * (trial.budget.rate == 1e-3) + 0.1 * trial.budget.clip  # type: ignore[attr-defined]


@pytest.fixture
def records(tmp_path: Path) -> list[Record]:
    """A tuned study in the store, every arm of which likes the middle rate and to be clipped."""
    store = Store(tmp_path / "runs")
    counted = run(TUNED, score)
    trials = (*wanted(TUNED, []), *counted)
    made = [_record(trial, score(trial)) for trial in dict.fromkeys(trials)]
    with ledger.owned(store.folder("tuned")) as book:
        book.append(made)
    store.write_plan(planned("tuned", TUNED, "tuned", tuple(record.trial for record in made)))
    return made


def test_a_line_says_it_where_the_answer_is(wonderland: Wonderland, records: list[Record]) -> None:
    for verb in ("effects", "leaderboard"):
        done = wonderland(verb, "tuned")
        assert f"{SAID[:1].upper()}{SAID[1:]}." in done.out
        assert "wonderland tuning tuned" in done.err
        assert json.loads(wonderland(verb, "tuned", "--json").out)["tuning"] == SAID


def test_every_arm_has_a_row(wonderland: Wonderland, records: list[Record]) -> None:
    found = json.loads(wonderland("tuning", "--json").out)
    assert found["said"] == SAID
    assert found["tune"] == {"rate": [1e-4, 1e-3, 1e-2], "clip": [0.0, 1.0]}
    rows = found["chosen"]
    assert [(row["architecture"], row["norm"]) for row in rows] == [
        (architecture, norm) for architecture in ("cnn", "mlp") for norm in ("layer", "none")
    ]
    assert {(row["rate"], row["clip"], row["n_tried"], row["n_lost"], row["seconds"]) for row in rows} == {
        (1e-3, 1.0, 6, 0, 12.0)
    }
    printed = list(csv.DictReader(wonderland("tuning", "--csv", "--architecture", "mlp").out.splitlines()))
    assert [row["id"] for row in printed] == [row["id"] for row in rows if row["architecture"] == "mlp"]
    assert r"\begin{tabular}" in wonderland("tuning", "--latex").out
    assert "What each arm chose" in wonderland("tuning").out
    assert "did you mean 'mlp'" in wonderland("tuning", "--architecture", "mpl").err


def test_a_study_that_tunes_nothing_says_so(wonderland: Wonderland, store: Store) -> None:
    done = wonderland("tuning", "second")
    assert (done.code, "second tunes nothing" in done.out) == (0, True)
    assert json.loads(wonderland("tuning", "second", "--json").out)["chosen"] == []
    assert json.loads(wonderland("effects", "second", "--json").out)["tuning"] is None


@pytest.mark.parametrize(
    ("rate", "seed", "said"),
    [
        (1e-3, TUNING_SEED, "a try, and chosen among 6 on validation"),
        (1e-4, TUNING_SEED, "a try; its arm chose rate 0.001 and clip 1.0 among 6 on validation, by "),
        (1e-3, 2, "its arm chose rate 0.001 and clip 1.0 among 6 on validation, by "),
    ],
)
def test_a_trial_says_what_the_search_has_to_do_with_it(
    wonderland: Wonderland, records: list[Record], rate: float, seed: int, said: str
) -> None:
    (one,) = [
        record
        for record in records
        if (record.trial.budget.rate, record.trial.budget.clip, record.trial.seed) == (rate, 1.0, seed)
        and (record.trial.architecture, record.trial.tricks.norm) == ("mlp", "layer")
    ]
    (best,) = [row["id"] for row in json.loads(wonderland("tuning", "--json").out)["chosen"] if _is_mlp_layer(row)]
    shown = wonderland("show", one.id)
    assert said in shown.out
    assert f"search: {said}" in wonderland("explain", one.id).out
    assert json.loads(wonderland("show", one.id, "--json").out)["tuning"]["chosen"] == best
    if said.endswith("by "):
        assert f"{said}{best}" in shown.out


def _is_mlp_layer(row: dict[str, object]) -> bool:
    return (row["architecture"], row["norm"]) == ("mlp", "layer")


def test_the_last_verdict_is_shown(wonderland: Wonderland, records: list[Record], tmp_path: Path) -> None:
    one, other = records[:2]
    assert "made again" not in wonderland("show", one.id).out
    store = Store(tmp_path / "runs")
    for kind, words in (("different", "first"), ("bit-exact", "then")):
        keep(store, "tuned", [of(one, Verdict(kind=kind, reason=words, again=None, moved=(), commands=()))])
    assert "made again      bit-exact, 20" in wonderland("show", one.id).out
    assert json.loads(wonderland("show", one.id, "--json").out)["reproduced"]["words"] == "then"
    assert json.loads(wonderland("show", other.id, "--json").out)["reproduced"] is None
