"""Aggregates with known answers, and bootstraps that cover what they say."""

import numpy as np
import pytest
from scipy import stats

from suite.analysis.aggregate import (
    improvement,
    interquartile_mean,
    mean,
    median,
    optimality_gap,
    paired_improvement,
    profile,
    stratified,
    stratified_means,
    won,
)


def test_the_interquartile_mean_is_scipys_trimmed_mean() -> None:
    for size in (3, 4, 7, 20):
        scores = np.random.default_rng(size).standard_normal((2, size))
        assert interquartile_mean(scores) == pytest.approx(stats.trim_mean(scores, 0.25, axis=None))


def test_what_did_not_finish_is_left_out_of_the_middle() -> None:
    assert interquartile_mean(np.array([[1.0, 2.0, 3.0, 4.0, np.nan]])) == 2.5
    assert np.isnan(interquartile_mean(np.full((2, 2), np.nan)))


def test_the_optimality_gap_counts_the_better_than_best_as_best() -> None:
    assert optimality_gap(np.array([[0.5, 1.5], [0.8, 1.0]])) == pytest.approx((0.5 + 0 + 0.2 + 0) / 4)


def test_a_profile_counts_tasks_alike() -> None:
    scores = np.array([[0.1, 0.9, np.nan, np.nan], [0.6, 0.7, 0.8, 0.9]])
    assert profile(scores, [0.0, 0.5, 0.75, 1.0]) == pytest.approx([1.0, 0.75, 0.5, 0.0])


def test_improvement_is_mann_whitney() -> None:
    rng = np.random.default_rng(0)
    ours, theirs = rng.integers(0, 5, (3, 6)).astype(float), rng.integers(0, 5, (3, 8)).astype(float)
    expected = [stats.mannwhitneyu(a, b).statistic / (len(a) * len(b)) for a, b in zip(ours, theirs, strict=True)]
    assert improvement(ours, theirs) == pytest.approx(np.mean(expected))
    assert improvement(ours, ours) == pytest.approx(0.5)


def test_paired_improvement_sees_what_seeds_share() -> None:
    """Seeds matter far more than the small gain, so that unpaired runs do not show it."""
    seeds = np.arange(10.0)[None]
    assert paired_improvement(seeds + 0.1, seeds) == 1.0
    assert improvement(seeds + 0.1, seeds) < 0.6


def test_a_bootstrap_covers_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(1)
    hit = 0
    for _ in range(150):
        scores = rng.normal(0.5, 0.1, (8, 20))
        found = stratified(mean, scores, rng, resamples=200)
        hit += found.low <= 0.5 <= found.high
    assert 0.88 <= hit / 150 <= 0.99


def test_both_bootstraps_of_a_mean_agree() -> None:
    scores = np.random.default_rng(2).normal(0, 1, (4, 6))
    scores[1, 2:] = np.nan
    one = stratified(mean, scores, np.random.default_rng(0), resamples=20_000)
    value, low, high = stratified_means(scores[None], np.random.default_rng(1), resamples=20_000)
    assert value[0] == pytest.approx(one.value)
    assert (low[0], high[0]) == pytest.approx((one.low, one.high), abs=0.02)


def test_pairing_makes_the_interval_narrow() -> None:
    rng = np.random.default_rng(2)
    shared = rng.normal(0, 1, (4, 10))
    value, low, high = stratified_means(((shared + 0.1) - shared)[None], rng, resamples=200)
    assert (value[0], low[0], high[0]) == pytest.approx((0.1, 0.1, 0.1))
    _, low, high = stratified_means(shared[None], rng, resamples=200)
    assert high[0] - low[0] > 0.5


def test_places_of_a_seed_are_drawn_together() -> None:
    """A hundred copies of each seed are no more information than one."""
    scores = np.random.default_rng(3).normal(0, 1, (3, 5))
    one, copies = (
        stratified(mean, values, np.random.default_rng(0), resamples=500)
        for values in (scores, np.repeat(scores[..., None], 100, axis=2))
    )
    assert (copies.low, copies.high) == pytest.approx((one.low, one.high))


def test_a_failed_run_is_worse_than_any_and_no_part_of_an_average() -> None:
    scores = np.array([[0.2, 0.4, 0.6, 0.8, -np.inf, 0.5, 0.3, 0.7]])
    assert interquartile_mean(scores) == pytest.approx(np.mean([0.3, 0.4, 0.5, 0.6]))
    assert mean(scores) == pytest.approx(0.5)
    assert profile(scores, [-100.0, 0.0, 0.45]) == pytest.approx([7 / 8, 7 / 8, 4 / 8])
    assert np.isnan(interquartile_mean(np.array([[0.5, -np.inf, -np.inf, -np.inf]])))
    lost, there, gone = -np.inf, -5.0, np.nan
    assert won(np.array([lost, there, lost, gone]), np.array([there, lost, lost, lost])).tolist()[:3] == [0, 1, 0.5]
    assert paired_improvement(np.array([[lost, 1.0]]), np.array([[0.0, 0.0]])) == 0.5


def test_the_median_is_of_task_means() -> None:
    scores = np.array([[0.1, 0.3], [0.5, 0.7], [0.9, np.nan]])
    assert median(scores) == pytest.approx(0.6)
    assert median(scores[:2]) == pytest.approx(0.4)
    assert mean(scores) == pytest.approx((0.2 + 0.6 + 0.9) / 3)


def test_many_samples_at_once_are_each_alone() -> None:
    many = np.random.default_rng(4).normal(0, 1, (5, 3, 7))
    for statistic in (interquartile_mean, mean, median, optimality_gap):
        assert statistic(many).tolist() == pytest.approx([float(statistic(one)) for one in many])


def test_the_same_generator_gives_the_same_interval() -> None:
    scores = np.random.default_rng(3).normal(0, 1, (3, 5))
    first, second = (stratified(interquartile_mean, scores, np.random.default_rng(7), resamples=100) for _ in range(2))
    assert first == second
