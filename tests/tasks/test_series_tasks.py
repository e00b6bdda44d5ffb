"""Series: the official parts of the UCR archive score as published, and the oscillation's best score is the best."""

import os
from pathlib import Path

import numpy as np
import pytest
from sklearn.neighbors import KNeighborsClassifier

from tasks.fetch import Member, is_here
from tasks.series import arrow_head, gun_point, italy_power_demand, mnist1d, noisy_oscillator, osu_leaf
from tasks.series._ucr import load_ucr, official, read
from tasks.series.noisy_oscillator import FIRST, LENGTH, RADIUS, SEEN, SEEN_NOISE, SETTLED, STEP
from tasks.task import Split, Splits, Task

SETS = {
    "GunPoint": gun_point.TASK,
    "ItalyPowerDemand": italy_power_demand.TASK,
    "OSULeaf": osu_leaf.TASK,
    "ArrowHead": arrow_head.TASK,
}
# Examples of each class in the official training and test part.
CLASSES = {
    "GunPoint": ([24, 26], [76, 74]),
    "ItalyPowerDemand": ([34, 33], [513, 516]),
    "OSULeaf": ([34, 29, 33, 53, 36, 15], [32, 55, 42, 44, 46, 23]),
    "ArrowHead": ([12, 12, 12], [69, 53, 53]),
}
# Error of the nearest neighbour in the archive's DataSummary.csv, column ED (w=0).
NEAREST = {"GunPoint": 0.0867, "ItalyPowerDemand": 0.0447, "OSULeaf": 0.4793, "ArrowHead": 0.2}

each_set = pytest.mark.parametrize("name", SETS)


def files(task: Task) -> tuple[Member, Member]:
    if not all(map(is_here, task.files)):
        pytest.skip(f"{task.source}: not on this machine; wonderland fetch brings it")
    train, test = task.files
    return train, test


def curves(split: Split) -> np.ndarray:
    """(examples, time), in double precision."""
    assert isinstance(split.inputs, np.ndarray)
    return split.inputs[:, :, 0].astype(np.float64)


@each_set
def test_nearest_neighbour_scores_as_published(name: str) -> None:
    train, test = official(files(SETS[name]))
    nearest = KNeighborsClassifier(1, algorithm="brute").fit(curves(train), train.targets)
    accuracy = nearest.score(curves(test), test.targets)
    assert 1 - accuracy == pytest.approx(NEAREST[name], abs=6e-5)
    (reference,) = (one for one in SETS[name].references if one.model.startswith("nearest"))
    assert reference.score == pytest.approx(accuracy, abs=6e-5)


@each_set
def test_the_official_parts_have_their_sizes_and_classes(name: str) -> None:
    for split, counts in zip(official(files(SETS[name])), CLASSES[name], strict=True):
        assert np.bincount(split.targets).tolist() == counts
        assert curves(split).shape[1:] == SETS[name].shape[:1]


@each_set
def test_each_curve_is_normalized_by_itself(name: str) -> None:
    for split in official(files(SETS[name])):
        assert np.abs(curves(split).mean(1)).max() < 1e-6
        np.testing.assert_allclose(curves(split).std(1, ddof=1), 1, atol=1e-4)


@each_set
def test_one_learns_from_the_official_training_part_and_is_tested_on_two_thirds_of_the_test_part(name: str) -> None:
    train, test = official(files(SETS[name]))
    splits = load_ucr(files(SETS[name]), np.random.default_rng(3))
    np.testing.assert_array_equal(splits.train.inputs, train.inputs)
    np.testing.assert_array_equal(splits.train.targets, train.targets)
    rest = np.concatenate([curves(splits.valid), curves(splits.test)])
    assert sorted(map(bytes, rest)) == sorted({bytes(curve) for curve in curves(test)})
    assert len(splits.valid) == pytest.approx(len(rest) / 3, abs=len(CLASSES[name][1]))


def test_references_are_compared_with_what_we_have() -> None:
    for task in SETS.values():
        assert [one.architecture for one in task.references] == ["mlp", "cnn", "resnet", "", ""]
        assert all(0 <= one.spread < 0.1 for one in task.references)


def test_a_file_is_read(tmp_path: Path) -> None:
    """Two channels, three lengths, labels in any order; what is no example is left out."""
    file = tmp_path / "Small_TRAIN.ts"
    file.write_text("#A remark: 1,2\n@data\n1.5,2,-3e-1:4,5,6:10\n\n7:8:-1\n1,2:3,4: 2 \n", encoding="utf-8")
    array, labels = read(file)
    nan = np.nan
    expected = [[[1.5, 4], [2, 5], [-0.3, 6]], [[7, 8], [nan, nan], [nan, nan]], [[1, 3], [2, 4], [nan, nan]]]
    np.testing.assert_array_equal(array, np.array(expected, np.float32))
    assert array.dtype == np.float32
    assert labels == ["10", "-1", "2"]


def test_classes_are_numbered_in_order_of_their_labels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By number, not by letter: 10 comes after 2; and the same number in both parts, though one lacks a class."""
    train, test = tmp_path / "A_TRAIN.ts", tmp_path / "A_TEST.ts"
    train.write_text("@data\n1,2:10\n3,4:-1\n5,6:2\n", encoding="utf-8")
    test.write_text("@data\n7,8:10\n9,0:2\n", encoding="utf-8")
    monkeypatch.setattr("tasks.series._ucr.fetch", lambda *members: (train, test))
    parts = official(gun_point.FILES)
    assert [part.targets.tolist() for part in parts] == [[2, 0, 1], [2, 1]]
    assert parts[0].targets.dtype == np.int64


def test_mnist1d_is_the_copy_of_the_mirror() -> None:
    if not (place := os.environ.get("WONDERLAND_MIRROR")):
        pytest.skip("no mirror is here; set WONDERLAND_MIRROR to its folder")
    file = Path(place) / "mnist1d/mnist1d_frozen.npz"
    if not file.is_file():
        pytest.skip(f"the mirror has no {file.name}")
    published = np.load(file, allow_pickle=False)
    for split, inputs, labels in zip(mnist1d.frozen(), ("x", "x_test"), ("y", "y_test"), strict=True):
        np.testing.assert_array_equal(split.inputs[:, :, 0], published[inputs].astype(np.float32))  # type: ignore[index]
        np.testing.assert_array_equal(split.targets, published[labels])


@pytest.fixture(scope="module")
def oscillation() -> Splits:
    return noisy_oscillator.load(np.random.default_rng(0))


def covariances(places: int) -> np.ndarray:
    """Of what is seen, at distances 0, 1, ...: sums over the response of the hidden oscillation to one push."""
    response = np.zeros(4000)
    state = np.array([1.0, 0.0])
    for time in range(len(response)):
        response[time] = state[0]
        state = STEP @ state
    hidden = np.array([response[: len(response) - k] @ response[k:] for k in range(places)])
    return hidden + SEEN_NOISE**2 * (np.arange(places) == 0)


def best_of_window(width: int) -> float:
    """R² of the best linear answer from the last `width` places, from the normal equations."""
    at = covariances(width + 1)
    among = at[np.abs(np.subtract.outer(np.arange(width), np.arange(width)))]
    return float(at[1:] @ np.linalg.solve(among, at[1:]) / at[0])


def windows(split: Split, width: int) -> tuple[np.ndarray, np.ndarray]:
    """The last `width` places before each question, and its answer."""
    ends = np.arange(FIRST, LENGTH)
    seen = np.lib.stride_tricks.sliding_window_view(curves(split), width, axis=1)[:, ends - width + 1]
    return seen.reshape(-1, width), split.targets[:, ends, 0].astype(np.float64).ravel()


def r2(answer: np.ndarray, guess: np.ndarray) -> float:
    return float(1 - np.square(answer - guess).mean() / answer.var())


def test_the_long_run_variance_is_that_of_the_responses() -> None:
    assert noisy_oscillator.variance() == pytest.approx(covariances(1)[0], rel=1e-9)
    assert RADIUS**SETTLED < 2e-4


def test_the_best_score_is_the_limit_of_longer_and_longer_windows() -> None:
    """Each place helps, none brings more than the closed form, and in the end nothing is left to be had."""
    scores = [best_of_window(width) for width in (1, 2, 4, 8, 16, 32, 64, 256)]
    best = noisy_oscillator.best()
    assert best == pytest.approx(0.531, abs=5e-4)
    assert scores == sorted(scores)
    assert scores[1] < 0.3, "two places are not enough"
    assert scores[5] == pytest.approx(best, abs=0.005), "in the first place that is asked, the filter has settled"
    assert scores[-1] == pytest.approx(best, abs=1e-9)
    assert max(scores[:-1]) < best


@pytest.mark.parametrize("width", [1, 2, 4, 8, 32])
def test_linear_windows_of_the_data_score_as_they_should_and_no_more(oscillation: Splits, width: int) -> None:
    places, answers = windows(oscillation.train, width)
    weights = np.linalg.lstsq(places, answers, rcond=None)[0]
    places, answers = windows(oscillation.test, width)
    score = r2(answers, places @ weights)
    assert score == pytest.approx(best_of_window(width), abs=0.02)
    assert score < noisy_oscillator.best() + 0.02


def test_the_kalman_filter_scores_the_closed_form(oscillation: Splits) -> None:
    """Step by step from complete ignorance, on the test part."""
    seen = curves(oscillation.test) * np.sqrt(noisy_oscillator.variance())
    state, uncertainty = np.zeros((2, len(seen))), np.eye(2) * 1e4
    guesses = []
    for column in seen.T:
        gain = uncertainty @ SEEN.T / (SEEN @ uncertainty @ SEEN.T + SEEN_NOISE**2)
        state = STEP @ (state + gain @ (column[None] - SEEN @ state))
        uncertainty = STEP @ (uncertainty - gain @ SEEN @ uncertainty) @ STEP.T + noisy_oscillator.HIDDEN
        guesses.append(state[0])
    guess = np.stack(guesses, 1)[:, FIRST:].ravel() / np.sqrt(noisy_oscillator.variance())
    assert r2(windows(oscillation.test, 1)[1], guess) == pytest.approx(noisy_oscillator.best(), abs=0.02)


def test_the_answer_of_a_place_is_what_is_seen_next(oscillation: Splits) -> None:
    """Up to the two scales, of what is shown and of what is asked."""
    asked = oscillation.train.targets[:, FIRST:-1, 0].ravel()
    shown = curves(oscillation.train)[:, FIRST + 1 :].ravel()
    assert np.corrcoef(asked, shown)[0, 1] == pytest.approx(1, abs=1e-6)
    assert np.isnan(oscillation.train.targets[:, :FIRST]).all()
