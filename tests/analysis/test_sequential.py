"""Looking more than once: boundaries against published tables, and error rates by simulation."""

import numpy as np
import pytest
from scipy import stats

from suite.analysis.sequential import Looks, boundaries, looks, spent

LOOKS = looks((4, 8, 12, 16, 20))


@pytest.mark.parametrize(
    ("count", "published"),
    [
        (1, (1.960,)),
        (2, (2.963, 1.969)),
        (3, (3.710, 2.511, 1.993)),
        (4, (4.333, 2.963, 2.359, 2.014)),
        (5, (4.877, 3.357, 2.680, 2.290, 2.031)),
    ],
)
def test_boundaries_are_the_published_ones(count: int, published: tuple[float, ...]) -> None:
    """Lan-DeMets with O'Brien-Fleming spending, equally spaced: as in Reboussin, DeMets, Kim and Lan (2000)."""
    found = boundaries(tuple((k + 1) / count for k in range(count)), 0.05)
    assert found == pytest.approx(published, abs=0.004)


def test_all_of_alpha_is_spent_at_the_end_and_little_before() -> None:
    assert spent(1.0, 0.05) == pytest.approx(0.05)
    assert spent(0.2, 0.05) < 1e-4


def decided(differences: np.ndarray, when: Looks) -> np.ndarray:
    """Whether a series of paired differences (rows) is decided at any of the looks."""
    found = np.zeros(len(differences), bool)
    for seeds, level in zip(when.seeds, when.levels, strict=True):
        found |= stats.ttest_1samp(differences[:, :seeds], 0, axis=1).pvalue < level
    return found


def test_under_no_effect_five_series_of_a_hundred_are_decided_at_most() -> None:
    rng = np.random.default_rng(0)
    series = rng.standard_normal((20_000, 20))
    assert decided(series, LOOKS).mean() <= 0.05 + 3 * (0.05 * 0.95 / 20_000) ** 0.5 + 0.002


def test_peeking_at_every_seed_with_a_plain_test_errs_often() -> None:
    """The negative control: the same series, looked at from the third seed on, each time at 5 %."""
    rng = np.random.default_rng(0)
    series = rng.standard_normal((5_000, 20))
    naive = Looks(tuple(range(3, 21)), (0.05,) * 18)
    assert decided(series, naive).mean() > 0.18


def test_large_effects_are_decided_early_and_all_effects_as_surely_as_by_one_test() -> None:
    rng = np.random.default_rng(0)
    large, small = rng.standard_normal((4_000, 20)) + 2.0, rng.standard_normal((4_000, 20)) + 0.8
    assert decided(large, LOOKS).mean() > 0.99
    early = Looks(LOOKS.seeds[:3], LOOKS.levels[:3])
    assert decided(large, early).mean() > 0.9
    plain = (stats.ttest_1samp(small, 0, axis=1).pvalue < 0.05).mean()
    assert decided(small, LOOKS).mean() > plain - 0.02


@pytest.mark.parametrize("seeds", [(), (1, 2), (4, 4), (8, 4)])
def test_looks_that_do_not_rise_are_refused(seeds: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="looks are taken after rising numbers of seeds"):
        looks(seeds)
