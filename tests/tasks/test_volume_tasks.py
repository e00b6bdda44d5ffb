"""Volumes and videos: labels by other means than the loader's, and that single frames say nothing."""

from typing import Any

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier

from suite import catalog
from suite.seeds import numpy_stream
from tasks.task import Split, Splits
from tasks.volume.moving_digits import FASTEST, WAYS
from tasks.volume.voxel_digits import DIGIT, LAYERS, SIDE, turned

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")  # enough is enough


def load(name: str) -> Splits:
    return catalog.task(name).load(numpy_stream(name, 0, "data"))


def parts(splits: Splits) -> tuple[Split, Split, Split]:
    return splits.train, splits.valid, splits.test


def videos(split: Split) -> np.ndarray:
    """(examples, frames, height, width)."""
    assert isinstance(split.inputs, np.ndarray)
    return split.inputs[..., 0]


def moved(video: np.ndarray, down: int, right: int) -> np.ndarray:
    """How well each frame, moved so far, matches the next; (examples,)."""
    shifted = np.roll(video[:, :-1], (down, right), axis=(2, 3))
    return (shifted * video[:, 1:]).sum((1, 2, 3))


def bag_of_frames(split: Split, seed: int = 0) -> np.ndarray:
    """The best that a model of single frames can see: the mean over frames of many nonlinear features of each."""
    frames = videos(split).reshape(*videos(split).shape[:2], -1)
    weights = np.random.default_rng(seed).standard_normal((frames.shape[-1], 200)) / np.sqrt(frames.shape[-1])
    return np.maximum(frames @ weights, 0).mean(1)


def fitted(model: Any, train: np.ndarray, test: np.ndarray, splits: Splits) -> float:
    return float(model.fit(train, splits.train.targets).score(test, splits.test.targets))


def test_motion_is_seen_in_how_frames_follow_each_other() -> None:
    for split in parts(load("volume/motion_direction")):
        right = moved(videos(split), 0, 1) > moved(videos(split), 0, -1)
        assert (right == split.targets).mean() > 0.99


def test_motion_played_backwards_has_the_same_frames_and_the_other_answer() -> None:
    split = load("volume/motion_direction").train
    backwards = videos(split)[:, ::-1]
    left = moved(backwards, 0, 1) < moved(backwards, 0, -1)
    assert (left == split.targets).mean() > 0.99


@pytest.mark.parametrize(("name", "chance"), [("motion_direction", 0.5), ("moving_digits", 0.25)])
def test_single_frames_and_linear_models_are_at_chance(name: str, chance: float) -> None:
    splits = load(f"volume/{name}")
    model = LogisticRegression(max_iter=300, tol=1e-3)
    assert fitted(model, bag_of_frames(splits.train), bag_of_frames(splits.test), splits) < chance + 0.1
    flat = [videos(split).reshape(len(split), -1) for split in (splits.train, splits.test)]
    assert fitted(model, *flat, splits) < chance + 0.1  # type: ignore[misc]


def test_moving_digits_go_where_the_label_says() -> None:
    for split in parts(load("volume/moving_digits")):
        speeds = range(1, FASTEST + 1)
        match = [max_over([moved(videos(split), *(speed * way)) for speed in speeds]) for way in WAYS]
        assert (np.argmax(match, axis=0) == split.targets).mean() > 0.99


def max_over(scores: list[np.ndarray]) -> np.ndarray:
    return np.max(scores, axis=0)


def test_moving_digits_keep_their_pixels_and_stay_in_one_part() -> None:
    """Whatever moves, the sorted pixels of every frame are those of one digit of scikit-learn."""
    known = {tuple(np.sort(np.append(image.ravel(), np.zeros(192)))) for image in load_digits().images}
    seen = []
    for split in parts(load("volume/moving_digits")):
        frames = videos(split).reshape(*videos(split).shape[:2], -1)
        pixels = np.sort(frames, axis=-1)
        np.testing.assert_allclose(pixels, np.broadcast_to(pixels[:, :1], pixels.shape), atol=1e-6)
        step = (frames.max() - frames.min()) / 16
        seen.append({tuple(row) for row in np.round((pixels[:, 0] - frames.min()) / step)})
        assert seen[-1] <= known
    assert len(seen[0] & seen[2]) + len(seen[0] & seen[1]) + len(seen[1] & seen[2]) == 0


def test_a_voxel_digit_that_is_not_turned_is_its_image_in_layers() -> None:
    digits = load_digits().images[:5].astype(np.float32)
    voxels = turned(digits, np.zeros((5, 3)))
    low, high = (SIDE - LAYERS) // 2, (SIDE - DIGIT) // 2
    inside = voxels[:, low : low + LAYERS, high : high + DIGIT, high : high + DIGIT]
    np.testing.assert_allclose(inside, np.repeat(digits[:, None], LAYERS, axis=1), atol=1e-4)
    assert voxels.sum() == pytest.approx(inside.sum(), rel=1e-5)


def test_a_quarter_turn_moves_voxels_as_numpy_does() -> None:
    digits = load_digits().images[:5].astype(np.float32)
    flat, quarter = turned(digits, np.zeros((5, 3))), turned(digits, np.array([[np.pi / 2, 0, 0]] * 5))
    rotated = [np.rot90(flat, turns, axes=(2, 3)) for turns in (1, 3)]
    assert min(np.abs(quarter - one).max() for one in rotated) < 1e-4


def test_voxel_digits_keep_most_of_their_mass_and_can_be_told_apart() -> None:
    digits = load_digits().images[:200].astype(np.float32)
    voxels = turned(digits, np.random.default_rng(0).uniform(-np.pi / 4, np.pi / 4, (200, 3)))
    np.testing.assert_allclose(voxels.sum((1, 2, 3)), LAYERS * digits.sum((1, 2)), rtol=0.12)
    splits = load("volume/voxel_digits")
    flat = [videos(split).reshape(len(split), -1) for split in (splits.train, splits.test)]
    assert 0.5 < fitted(KNeighborsClassifier(1), *flat, splits) < 0.95  # type: ignore[misc]
