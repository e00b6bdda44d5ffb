"""Verdicts on claims: known answers, both ways, with margins, interactions, architectures, and runs that are lost."""

from collections.abc import Callable
from itertools import product

import numpy as np
import pandas as pd
import pytest

from suite.analysis.claims import judge
from suite.analysis.effects import effects
from suite.analysis.interactions import interactions
from suite.analysis.table import table
from suite.claim import Claim
from suite.record import Record
from suite.trial import Trial

FACTORS = {"norm": ("none", "layer"), "residual": ("none", "add"), "depth": (2, 8)}
Make = Callable[..., list[Record]]


def claim(**fields: object) -> Claim:
    given = {"id": "H00", "says": "it helps", "source": "here", "expects": "better"}
    given |= {"factor": "residual", "level": "add", "reference": "none"}
    return Claim(**(given | fields))  # type: ignore[arg-type]


def noisy(worth: float, spread: float = 0.01, start: int = 0) -> Callable[[Trial], float]:
    """`add` is worth so much when deep, and nothing when shallow; cnn is better than mlp."""
    rng = np.random.default_rng(start)

    def score(trial: Trial) -> float:
        deep_add = trial.tricks.residual == "add" and trial.size.depth == 8
        own = 0.1 * (trial.architecture == "cnn") + 0.02 * trial.seed
        return float(0.4 + own + worth * deep_add + rng.normal(0, spread))

    return score


@pytest.fixture
def frame(factorial: Make) -> Callable[..., pd.DataFrame]:
    def make(worth: float, seeds: int = 5, tasks: tuple[str, ...] = ("image/digits",)) -> pd.DataFrame:
        return table(factorial(noisy(worth), FACTORS, tasks, ("mlp", "cnn"), seeds))

    return make


@pytest.mark.parametrize(
    ("worth", "expects", "verdict"),
    [
        (0.2, "better", "supported"),
        (0.2, "worse", "refuted"),
        (-0.2, "better", "refuted"),
        (-0.2, "worse", "supported"),
        (0.0, "better", "inconclusive"),
        (0.0, "worse", "inconclusive"),
    ],
)
def test_a_side_is_claimed(frame: Callable[..., pd.DataFrame], worth: float, expects: str, verdict: str) -> None:
    (found,) = judge(frame(worth), FACTORS, [claim(expects=expects, within={"depth": 8})])
    assert found.verdict == verdict


@pytest.mark.parametrize(
    ("worth", "expects", "margin", "verdict"),
    [
        (0.0, "equivalent", 0.05, "supported"),
        (0.2, "equivalent", 0.05, "refuted"),
        (0.0, "better", 0.05, "equivalent"),
        (0.02, "better", 0.05, "equivalent"),
        (0.0, "equivalent", 0.001, "inconclusive"),
        (0.2, "better", 0.05, "supported"),
    ],
)
def test_a_margin_says_what_does_not_matter(
    frame: Callable[..., pd.DataFrame], worth: float, expects: str, margin: float, verdict: str
) -> None:
    (found,) = judge(frame(worth), FACTORS, [claim(expects=expects, margin=margin, within={"depth": 8})])
    assert found.verdict == verdict


def test_the_effect_is_that_of_the_effects_table(factorial: Make) -> None:
    of = {"norm": ("none", "layer"), "residual": ("none", "add"), "depth": (2, 8)}
    frame = table(factorial(noisy(0.1), of, ("image/digits", "series/mnist1d"), ("mlp", "cnn"), 4))
    (found,) = judge(frame, of, [claim()])
    rows = effects(frame, of)
    one = rows[(rows["factor"] == "residual") & (rows["task"] == "all") & (rows["architecture"] == "all")].iloc[0]
    assert (found.effect, found.low, found.high) == pytest.approx((one["effect"], one["low"], one["high"]))
    assert (found.unit, found.n_tasks, found.n_seeds) == ("normalised score", 2, 4)
    assert found.n_pairs == one["n_pairs"]


def test_an_interaction_is_that_of_the_interactions_table(factorial: Make) -> None:
    frame = table(factorial(noisy(0.2), FACTORS, ("image/digits",), ("mlp",), 5))
    asked = claim(by="depth", by_level=8, by_reference=2)
    (found,) = judge(frame, FACTORS, [asked])
    rows = interactions(frame, FACTORS)
    inside = (rows["factor_a"] == "residual") & (rows["factor_b"] == "depth") & (rows["task"] == "image/digits")
    one = rows[inside & (rows["architecture"] == "all")].iloc[0]
    assert (found.effect, found.low, found.high) == pytest.approx((one["effect"], one["low"], one["high"]))
    assert found.verdict == "supported"


def test_architectures_are_compared_like_levels(frame: Callable[..., pd.DataFrame]) -> None:
    (found,) = judge(frame(0.0), FACTORS, [claim(factor="architecture", level="cnn", reference="mlp")])
    assert found.effect == pytest.approx(0.1, abs=0.01)
    assert found.verdict == "supported"
    assert found.n_pairs == 5 * 8


def test_a_level_that_moves_with_the_architecture_does_not_part_pairs(record: Callable[..., Record]) -> None:
    """As widths do that were chosen for equal parameters."""
    records = [
        record(Trial(task="image/digits", architecture=name, seed=seed).moved({"width": width}), 0.5 + bonus)
        for seed, (name, width, bonus) in product(range(3), [("mlp", 16, 0.0), ("cnn", 24, 0.1)])
    ]
    (found,) = judge(table(records), {}, [claim(factor="architecture", level="cnn", reference="mlp")])
    assert found.effect == pytest.approx(0.1)


def test_runs_that_are_lost_are_counted(factorial: Make, record: Callable[..., Record]) -> None:
    records = factorial(noisy(0.2), FACTORS, seeds=4)
    lost = record(records[0].trial, None, outcome="diverged")
    (found,) = judge(table([lost, *records[1:-1]]), FACTORS, [claim()])
    assert found.n_missing == 2
    assert found.n_pairs == 4 * 4 - 2
    assert "2 comparisons lost" in found.sentence


def test_nothing_finished_is_inconclusive(factorial: Make, record: Callable[..., Record]) -> None:
    lost = [record(one.trial, None, outcome="failed") for one in factorial(noisy(0.2), FACTORS)]
    (found,) = judge(table(lost), FACTORS, [claim(margin=0.1)])
    assert (found.verdict, found.n_seeds, found.n_pairs) == ("inconclusive", 0, 0)


def test_many_claims_are_corrected_together(factorial: Make) -> None:
    """Under no effect, one of ten claims of a study is decided in about five studies of a hundred."""
    of = {"depth": tuple(range(2, 13))}
    frame = table(factorial(noisy(0.0), of, seeds=4))
    claims = [claim(id=str(d), factor="depth", level=d, reference=2) for d in range(3, 13)]
    wrong, rng = 0, np.random.default_rng(0)
    for _ in range(80):
        frame["test"] = 0.5 + 0.01 * rng.standard_normal(len(frame))
        wrong += any(found.verdict in ("supported", "refuted") for found in judge(frame, of, claims))
    assert wrong / 80 <= 0.05 + 0.075, "three standard errors above"


def test_the_sentence_has_the_numbers(frame: Callable[..., pd.DataFrame]) -> None:
    (found,) = judge(frame(0.2), FACTORS, [claim(id="H30", within={"depth": 8})])
    assert found.sentence.startswith("H30 is supported: +0.20")
    assert found.sentence.endswith("accuracy (Holm p <0.001; 5 seeds)")


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"by": "depth"}, "comes with by_level and by_reference"),
        ({"expects": "equivalent"}, "needs a margin"),
        ({"within": {"residual": "add"}}, "residual is two of these"),
        ({"expects": "best"}, "expects"),
    ],
)
def test_a_claim_that_makes_no_sense_is_refused(fields: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        claim(**fields)


def test_a_factor_that_the_study_does_not_move_is_refused(frame: Callable[..., pd.DataFrame]) -> None:
    with pytest.raises(ValueError, match="no factor 'width'; one of norm, residual, depth, architecture"):
        judge(frame(0.0), FACTORS, [claim(factor="width", level=8, reference=4)])
