"""Fractions of designs: what they tell exactly, what they mix, and that nothing mixed is shown without its name."""

from collections.abc import Callable, Mapping, Sequence
from itertools import product

import numpy as np
import pandas as pd
import pytest

from suite.analysis.aliases import aliases, resolution, said, weights
from suite.analysis.contrast import contrasts, paired
from suite.analysis.cube import Whole, cube
from suite.analysis.effects import effects
from suite.analysis.finding import finding
from suite.analysis.interactions import interactions
from suite.analysis.interval import mean_interval
from suite.analysis.layout import Layout
from suite.analysis.table import table
from suite.design import DesignName, design
from suite.record import Record
from suite.trial import Level, Trial

NAMES = ("norm", "residual", "depth", "width", "patch", "kernel", "heads")
LEVELS: dict[str, tuple[Level, Level]] = {
    "norm": ("none", "layer"),
    "residual": ("none", "add"),
    "depth": (2, 8),
    "width": (16, 32),
    "patch": (1, 2),
    "kernel": (3, 5),
    "heads": (1, 4),
}
Make = Callable[..., Record]


def factors(count: int) -> dict[str, tuple[Level, Level]]:
    return {name: LEVELS[name] for name in NAMES[:count]}


def codes(name: DesignName, of: Mapping[str, Sequence[Level]]) -> Whole:
    made = design(name, of)
    return np.array([[list(of[factor]).index(level) for factor, level in point.items()] for point in made])


def scored(
    record: Make, name: DesignName, of: Mapping[str, Sequence[Level]], score: Callable[[Trial], float]
) -> pd.DataFrame:
    trials = [
        Trial(task="image/digits", architecture="mlp", seed=seed).moved(point)
        for seed, point in product(range(3), design(name, of))
    ]
    return table([record(trial, score(trial)) for trial in trials])


def synergy(trial: Trial) -> float:
    """Each of the first five factors is worth something, and norm gives more with depth; no noise."""
    at = {name: float(trial.levels[name] == high) for name, (_, high) in LEVELS.items()}
    worth = 0.10 * at["norm"] + 0.05 * at["residual"] + 0.03 * at["depth"] - 0.02 * at["width"] + 0.01 * at["patch"]
    return 0.3 + 0.01 * trial.seed + worth + 0.08 * at["norm"] * at["depth"]


@pytest.mark.parametrize("count", range(3, 8))
@pytest.mark.parametrize("number", [3, 4, 5])
def test_a_fraction_has_the_resolution_that_was_asked_for(count: int, number: int) -> None:
    found = resolution(codes(f"resolution_{number}", factors(count)))  # type: ignore[arg-type]
    assert found is None or found >= number


@pytest.mark.parametrize(
    ("name", "count", "runs"),
    [
        ("resolution_3", 7, 8),
        ("resolution_4", 7, 16),
        ("resolution_5", 5, 16),
        ("resolution_5", 6, 32),
        ("resolution_5", 7, 64),
        ("plackett_burman", 3, 8),
        ("plackett_burman", 7, 16),
    ],
)
def test_fractions_are_as_small_as_the_textbooks(name: DesignName, count: int, runs: int) -> None:
    """Box, Hunter and Hunter (2005), table 6.22; a Plackett-Burman design is folded over."""
    assert len(codes(name, factors(count))) == runs


def test_resolution_is_counted_from_the_points() -> None:
    """The half fraction with d = abc has the word abcd, so IV; with c = ab, III."""
    cube = np.array(list(product((0, 1), repeat=3)))
    signs = 2 * cube - 1
    assert resolution(cube) is None
    assert resolution(np.column_stack([cube, (signs.prod(1) > 0).astype(int)])) == 4
    half = np.array([[a, b, int(a == b)] for a, b in product((0, 1), repeat=2)])
    assert resolution(half) == 3


def test_resolution_five_tells_all_effects_and_interactions_exactly(record: Make) -> None:
    frame = scored(record, "resolution_5", factors(5), synergy)
    found = effects(frame, factors(5)).set_index("factor")
    found = found[found["task"] == "image/digits"]
    found = found[found["architecture"] == "all"]
    expected = {"norm": 0.10 + 0.04, "residual": 0.05, "depth": 0.03 + 0.04, "width": -0.02, "patch": 0.01}
    assert found["effect"].to_dict() == pytest.approx(expected)
    assert not found["aliases"].any()
    pairs = interactions(frame, factors(5))
    pairs = pairs[(pairs["task"] == "image/digits") & (pairs["architecture"] == "all")]
    assert len(pairs) == 10
    by_names = {
        (a, b): value for a, b, value in zip(pairs["factor_a"], pairs["factor_b"], pairs["effect"], strict=True)
    }
    assert by_names.pop(("norm", "depth")) == pytest.approx(0.08)
    assert list(by_names.values()) == pytest.approx([0.0] * 9, abs=1e-12)


@pytest.mark.parametrize("name", ["resolution_3", "resolution_4", "plackett_burman"])
def test_what_is_mixed_into_an_effect_is_what_its_aliases_say(record: Make, name: DesignName) -> None:
    """The effect that comes out is the true one plus the stated share of each interaction, to the last digit."""
    of = factors(5)
    frame = scored(record, name, of, synergy)
    found = effects(frame, of)
    found = found[(found["task"] == "image/digits") & (found["architecture"] == "all")].set_index("factor")
    mixed = aliases(codes(name, of), of)
    true = {"norm": 0.14, "residual": 0.05, "depth": 0.07, "width": -0.02, "patch": 0.01}
    for factor, worth in true.items():
        ((_, shares),) = [item for item in mixed.items() if item[0][0][0] == factor and len(item[0]) == 1]
        pair = {("norm", "layer"), ("depth", 8)}
        share = sum(amount for term, amount in shares if set(term) == pair)
        assert found.loc[factor, "effect"] == pytest.approx(worth + 0.08 * share)
        assert bool(found.loc[factor, "aliases"]) == bool(shares)


def test_a_fold_over_clears_main_effects(record: Make) -> None:
    of = factors(5)
    assert resolution(codes("plackett_burman", of)) in (None, 4)
    assert all(shares == () for term, shares in aliases(codes("plackett_burman", of), of).items() if len(term) == 1)


def test_a_screen_mixes_and_says_so(record: Make) -> None:
    of = factors(5)
    frame = scored(record, "resolution_3", of, synergy)
    assert effects(frame, of)["aliases"].str.contains(" x ").any()
    assert "mixed with" in finding(frame, of)
    assert interactions(frame, of).empty, "pairs cannot be told from main effects"


def test_a_crossed_design_is_paired_and_mixes_nothing(record: Make) -> None:
    of = factors(3)
    frame = scored(record, "factorial", of, synergy)
    assert not effects(frame, of)["aliases"].any()
    assert "mixed with" not in finding(frame, of)


def test_fitted_and_paired_agree_on_the_whole_cube() -> None:
    """Least squares over a full factorial is the mean over its pairs."""
    of = factors(4)
    points = codes("factorial", of)
    for ((name, _),), weight_M in ((t, w) for t, w in weights(points, of).items() if len(t) == 1):
        place = list(of).index(name)
        np.testing.assert_allclose(weight_M, np.where(points[:, place] == 1, 1, -1) / 8, atol=1e-12)


def test_d_optimal_tells_factors_of_many_levels_apart(record: Make) -> None:
    of = {"norm": ("none", "batch", "layer", "rms"), "residual": ("none", "add"), "depth": (2, 4, 8)}
    worth = {"none": 0.0, "batch": 0.1, "layer": 0.2, "rms": 0.15, "add": 0.05, 2: 0.0, 4: -0.03, 8: 0.07}

    def additive(trial: Trial) -> float:
        return (
            0.3 + worth[trial.tricks.norm] + (0.05 if trial.tricks.residual == "add" else 0) + worth[trial.size.depth]
        )

    frame = scored(record, "d_optimal", of, additive)
    assert len(frame) == 3 * 14, "twice as many points as numbers to estimate"
    found = effects(frame, of)
    found = found[(found["task"] == "image/digits") & (found["architecture"] == "all")]
    assert dict(zip(found["level"], found["effect"], strict=True)) == pytest.approx(
        {level: value for level, value in worth.items() if level not in ("none", 2)}
    )


def test_forbidden_combinations_are_left_out() -> None:
    of = {"norm": ("none", "batch", "layer"), "norm_place": ("pre", "post"), "depth": (2, 4, 8)}
    forbidden = [{"norm": "none", "norm_place": "post"}]
    for name in ("d_optimal", "factorial"):
        made = list(design(name, of, forbidden))  # type: ignore[arg-type]
        assert made
        assert not any(point["norm"] == "none" and point["norm_place"] == "post" for point in made)


def test_what_cannot_be_estimated_is_refused() -> None:
    of = {"norm": ("none", "batch"), "depth": tuple(range(20)), "width": tuple(range(2, 20))}
    with pytest.raises(ValueError, match="does not tell the factors apart"):
        list(design("d_optimal", of, [{"norm": "batch"}]))
    with pytest.raises(ValueError, match="takes factors of two levels; depth has 20"):
        list(design("resolution_4", of))


def test_aliases_are_said_largest_first() -> None:
    mixed = [((("norm", "rms"), ("depth", 8)), 0.25), ((("norm", "rms"), ("width", 16)), -0.5)]
    assert said(mixed) == "-0.5 of norm rms x width 16, 0.25 of norm rms x depth 8"  # type: ignore[arg-type]
    assert said([((("a", n), ("b", 1)), 0.3) for n in range(7)]).endswith(" and 3 more")
    assert said([]) == ""


def test_accidental_pairs_of_a_fraction_are_not_taken_for_the_effect(record: Make) -> None:
    """Each level of a D-optimal design has a pair somewhere, where the effect is another one than on average.

    What comes out is the effect over all combinations, and what its aliases say of the interaction.
    """
    of = {"norm": ("none", "batch", "layer", "rms"), "residual": ("none", "add"), "depth": (2, 4, 8)}

    def mixed(trial: Trial) -> float:
        together = trial.tricks.norm == "batch" and trial.size.depth == 4
        return 0.3 + 0.1 * (trial.tricks.norm == "batch") + 0.4 * together

    frame = scored(record, "d_optimal", of, mixed)
    assert len(frame) < 3 * 24
    blocks = cube(frame, of)
    assert all(any(contrasts(blocks, (name,), {})) for name in of), "pairs are there"
    for layout in (Layout(), Layout(fraction=True)):
        found = effects(frame, of, layout=layout)
        one = found[(found["task"] == "image/digits") & (found["architecture"] == "all") & (found["level"] == "batch")]
        share = sum(
            amount
            for term, amount in aliases(blocks.arms_MF, of)[(("norm", "batch"),)]
            if set(term) == {("norm", "batch"), ("depth", 4)}
        )
        assert one["effect"].item() == pytest.approx(0.1 + 0.4 / 3 + 0.4 * share)
        assert bool(one["aliases"].item()) == bool(abs(share) >= 0.05)


def test_a_table_without_a_word_on_its_design_is_paired_where_pairs_are_all_there_is(record: Make) -> None:
    of = factors(3)
    for name in ("factorial", "one_at_a_time", "leave_one_out"):
        assert paired(cube(scored(record, name, of, synergy), of)), name
    five = factors(5)
    assert not paired(cube(scored(record, "d_optimal", five, synergy), five))
    assert paired(cube(scored(record, "both_ends", five, synergy), five, Layout(fraction=False)))


def test_on_random_settings_the_settings_are_the_sample(record: Make) -> None:
    """The one factor that is judged, with the t-interval of its differences over settings; of the others, nothing."""
    of: dict[str, Sequence[Level]] = {
        "norm": ("none", "layer"),
        "residual": ("none", "add"),
        "depth": (2, 4, 8),
        "width": (8, 16, 32),
        "patch": (1, 2, 4),
        "kernel": (3, 5, 7),
    }

    def score(trial: Trial) -> float:
        at = trial.tricks.norm == "layer"
        return 0.3 + at * (0.02 * trial.size.depth - 0.001 * trial.size.width) + 0.01 * trial.seed

    layout = Layout(fraction=False, controlled="norm")
    for seeds in (1, 2):
        points = list(design("random_controlled", of))
        trials = [
            Trial(task="image/digits", architecture="mlp", seed=seed).moved(point)
            for seed, point in product(range(seeds), points)
        ]
        frame = table([record(trial, score(trial)) for trial in trials])
        found = effects(frame, of, layout=layout)
        (row,) = found[(found["task"] == "image/digits") & (found["architecture"] == "all")].to_dict("records")
        worth = [0.02 * point["depth"] - 0.001 * point["width"] for point in points if point["norm"] == "layer"]
        expected = mean_interval(worth)
        assert (row["effect"], row["low"], row["high"]) == pytest.approx((expected.mean, expected.low, expected.high))
        assert (row["factor"], row["n_seeds"], row["n_pairs"]) == ("norm", 96, 96 * seeds)
        assert set(found["factor"]) == {"norm"}
        assert interactions(frame, of, layout=layout).empty
        assert "96 settings" in finding(frame, of, layout=layout)
    whole = {name: of[name] for name in ("norm", "residual", "depth")}
    crossed = scored(record, "random_controlled", whole, score)
    assert set(effects(crossed, whole, layout=layout)["factor"]) == set(whole), "all settings are there, and no sample"
