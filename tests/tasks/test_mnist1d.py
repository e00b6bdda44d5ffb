"""MNIST-1D is the published frozen dataset, number for number."""

import hashlib
import os
from pathlib import Path

import numpy as np
import pytest

from tasks.series.mnist1d import frozen, load

PUBLISHED = Path(os.environ.get("WONDERLAND_MNIST1D", Path(__file__).parents[3] / "shared/data/mnist1d"))


def test_it_is_the_published_dataset() -> None:
    file = PUBLISHED / "mnist1d_frozen.npz"
    if not file.is_file():
        pytest.skip("the published arrays are not here; set WONDERLAND_MNIST1D to the folder of mnist1d_frozen.npz")
    published, (train, test) = np.load(file, allow_pickle=False), frozen()
    for split, inputs, labels in ((train, "x", "y"), (test, "x_test", "y_test")):
        np.testing.assert_array_equal(split.inputs[:, :, 0], published[inputs].astype(np.float32))
        np.testing.assert_array_equal(split.targets, published[labels])


def test_it_has_the_checksum_it_had_when_it_was_compared() -> None:
    digest = hashlib.sha256()
    for split in frozen():
        digest.update(np.round(split.inputs.astype(np.float64), 4).astype("<f4").tobytes() + split.targets.tobytes())
    assert digest.hexdigest()[:16] == "55778b69834848ff"


def test_it_has_its_known_shape() -> None:
    train, test = frozen()
    assert (train.inputs.shape, test.inputs.shape) == ((4000, 40, 1), (1000, 40, 1))
    assert np.bincount(np.concatenate([train.targets, test.targets])).tolist() == [500] * 10


def test_the_official_test_set_stays_whole_and_out_of_training() -> None:
    train, test = frozen()
    splits = load(np.random.default_rng(5))
    np.testing.assert_array_equal(splits.test.inputs, test.inputs)
    assert len(splits.train) + len(splits.valid) == len(train)
