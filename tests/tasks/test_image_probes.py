"""Images: labels by other means than the loader's, and what convolutions can do that others cannot."""

from typing import Any

import numpy as np
import pytest
import torch
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from torch.nn import functional

from suite import catalog
from suite.seeds import numpy_stream
from tasks.fetch import is_here
from tasks.image.permuted_digits import ORDER
from tasks.image.shifted_bars import BAR, QUARTER
from tasks.image.textures import PERIOD, SIDE, WAVES
from tasks.task import Split, Splits

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")  # enough is enough


def load(name: str, seed: int = 0) -> Splits:
    task = catalog.task(name)
    if not all(map(is_here, task.files)):
        pytest.skip(f"{name} is not on this machine; make data fetches it")
    return task.load(numpy_stream(name, seed, "data"))


def flat(split: Split) -> np.ndarray:
    assert isinstance(split.inputs, np.ndarray)
    return split.inputs.reshape(len(split), -1)


def score(model: Any, train: Split, test: Split) -> float:
    return float(model.fit(flat(train), train.targets).score(flat(test), test.targets))


def mlp() -> MLPClassifier:
    return MLPClassifier((64,), learning_rate_init=0.003, max_iter=30, early_stopping=True, random_state=0)


def responses(split: Split, filters: torch.Tensor) -> torch.Tensor:
    """What (K, k, k) filters answer at every place; (examples, K, places)."""
    assert isinstance(split.inputs, np.ndarray)
    return functional.conv2d(torch.from_numpy(split.inputs).permute(0, 3, 1, 2), filters[:, None]).flatten(2)


def test_bars_are_seen_by_a_filter_for_each_way_wherever_they_stand() -> None:
    """One convolution and a maximum over places: the same two filters for all quarters."""
    level, upright = torch.zeros(2, BAR, BAR)
    level[BAR // 2], upright[:, BAR // 2] = 1, 1
    pad = BAR // 2
    splits = load("image/shifted_bars")
    for split in (splits.train, splits.valid, splits.test):
        assert isinstance(split.inputs, np.ndarray)
        wide = Split(np.pad(split.inputs, [(0, 0), (pad, pad), (pad, pad), (0, 0)]), split.targets)
        strongest = responses(wide, torch.stack([level, upright])).amax(-1)
        assert (strongest.argmax(1).numpy() == split.targets).mean() > 0.99


def test_bars_stand_in_quarters_of_their_own() -> None:
    splits = load("image/shifted_bars")
    for split, row, column in ((splits.train, 0, 0), (splits.valid, 0, 1), (splits.test, 1, 0)):
        assert isinstance(split.inputs, np.ndarray)
        quarters = split.inputs.reshape(len(split), 2, QUARTER, 2, QUARTER).mean((0, 2, 4))
        assert np.unravel_index(quarters.argmax(), quarters.shape) == (row, column)
        assert np.sort(quarters.ravel())[-2] < quarters.max() / 4


def test_bars_in_places_never_seen_are_beyond_a_network_of_pixels() -> None:
    splits = load("image/shifted_bars")
    others = load("image/shifted_bars", 1).train
    assert score(mlp(), splits.train, others) > 0.95, "other bars where it has seen some"
    assert 0.4 < score(mlp(), splits.train, splits.test) < 0.6
    assert 0.4 < score(mlp(), splits.train, splits.valid) < 0.6


def test_textures_are_told_apart_by_their_spectrum() -> None:
    splits = load("image/textures")
    for split in (splits.train, splits.valid, splits.test):
        assert isinstance(split.inputs, np.ndarray)
        power = np.abs(np.fft.fft2(split.inputs[..., 0])) ** 2
        at_waves = [power[:, down * SIDE // PERIOD, right * SIDE // PERIOD] for down, right in WAVES]
        assert (np.argmax(at_waves, axis=0) == split.targets).mean() > 0.99


def test_textures_are_beyond_linear_models_and_not_beyond_one_convolution() -> None:
    splits = load("image/textures")
    assert score(LogisticRegression(max_iter=300), splits.train, splits.test) < 0.35
    filters = torch.randn(16, 3, 3, generator=torch.Generator().manual_seed(0))
    seen = [
        Split(responses(split, filters).relu().mean(-1).numpy(), split.targets) for split in (splits.train, splits.test)
    ]
    assert score(LogisticRegression(max_iter=2000, C=100), *seen) > 0.9


def test_permuted_digits_are_the_digits() -> None:
    splits = load("image/permuted_digits")
    images, labels = load_digits(return_X_y=True)
    inputs = np.concatenate([flat(split) for split in (splits.train, splits.valid, splits.test)])
    targets = np.concatenate([split.targets for split in (splits.train, splits.valid, splits.test)])
    back = np.empty_like(inputs)
    back[:, ORDER] = inputs
    unscaled = np.round((back - back.min()) * 16 / (back.max() - back.min())).astype(int)
    there = sorted((*row, label) for row, label in zip(unscaled.tolist(), targets.tolist(), strict=True))
    assert there == sorted(
        (*row, label) for row, label in zip(images.astype(int).tolist(), labels.tolist(), strict=True)
    )
    assert score(KNeighborsClassifier(1), splits.train, splits.test) > 0.95, "distances do not change"


def test_permuted_pixels_are_not_like_their_neighbours() -> None:
    def likeness(images: np.ndarray) -> float:
        image = images.reshape(-1, 8, 8)
        return float(np.corrcoef(image[:, :, 1:].ravel(), image[:, :, :-1].ravel())[0, 1])

    assert likeness(flat(load("image/digits").train)) > 0.35
    assert abs(likeness(flat(load("image/permuted_digits").train))) < 0.15


def test_five_thousand_digits_are_five_hundred_of_each_and_near_their_like() -> None:
    splits = load("image/mnist_5k")
    assert (
        np.bincount(np.concatenate([splits.train.targets, splits.valid.targets, splits.test.targets])).tolist()
        == [500] * 10
    )
    assert score(KNeighborsClassifier(1), splits.train, splits.test) > 0.91
