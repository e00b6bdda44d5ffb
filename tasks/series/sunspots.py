"""Sunspots, 1700 to 2008: from twenty-four years of yearly counts, say the twenty-fifth."""

import numpy as np

from tasks.split import standardize, standardize_targets
from tasks.task import Split, Splits, Task

WINDOW = 24
VALID_FROM, TEST_FROM = 1900, 1950


def _windows(years: np.ndarray, counts: np.ndarray, first: int, last: int) -> Split:
    """Every window whose answer falls in the years first <= year < last."""
    ends = [end for end in range(WINDOW, len(counts)) if first <= years[end] < last]
    inputs = np.stack([counts[end - WINDOW : end] for end in ends])
    return Split(inputs[:, :, None], counts[ends][:, None])


def load(rng: np.random.Generator) -> Splits:
    """Past, present and future: the cut is by year, so nothing here is random."""
    from statsmodels.datasets import sunspots

    table = sunspots.load_pandas().data
    years, counts = table["YEAR"].to_numpy(), table["SUNACTIVITY"].to_numpy(np.float32)
    splits = Splits(
        train=_windows(years, counts, 0, VALID_FROM),
        valid=_windows(years, counts, VALID_FROM, TEST_FROM),
        test=_windows(years, counts, TEST_FROM, 2100),
    )
    return standardize_targets(standardize(splits, axes=(0, 1, 2)))


TASK = Task(
    data="series",
    shape=(WINDOW, 1),
    target="value",
    outputs=1,
    metric="r2",
    chance=0.0,
    source="yearly sunspot numbers 1700-2008, National Geophysical Data Center, shipped inside statsmodels",
    licence="public domain",
    load=load,
)
