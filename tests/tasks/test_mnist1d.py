"""MNIST-1D is the published frozen dataset, number for number."""

import hashlib

import numpy as np

from tasks.series.mnist1d import frozen, load


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
