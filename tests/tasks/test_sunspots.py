"""Sunspots: the past foretells the future, and the future is not in the past."""

import numpy as np
from statsmodels.datasets import sunspots

from tasks.series.sunspots import TEST_FROM, VALID_FROM, WINDOW, load


def test_windows_end_right_before_the_year_they_foretell() -> None:
    table = sunspots.load_pandas().data
    counts = dict(zip(table["YEAR"], table["SUNACTIVITY"], strict=True))
    splits = load(np.random.default_rng(0))
    first = {"train": 1700 + WINDOW, "valid": VALID_FROM, "test": TEST_FROM}
    sizes = {"train": VALID_FROM - 1700 - WINDOW, "valid": TEST_FROM - VALID_FROM, "test": 2009 - TEST_FROM}
    train_counts = [counts[year] for year in range(1700 + WINDOW, VALID_FROM)]
    windows = [counts[y - d] for y in range(1700 + WINDOW, VALID_FROM) for d in range(1, WINDOW + 1)]
    for name in ("train", "valid", "test"):
        split = getattr(splits, name)
        assert len(split) == sizes[name]
        for place in (0, len(split) - 1):
            year = first[name] + place
            targets = split.targets[place, 0] * np.std(train_counts) + np.mean(train_counts)
            inputs = split.inputs[place, :, 0] * np.std(windows) + np.mean(windows)
            np.testing.assert_allclose(targets, counts[year], atol=1e-3)
            np.testing.assert_allclose(inputs, [counts[y] for y in range(year - WINDOW, year)], atol=1e-3)
