"""ETTh1: from four days of a transformer's loads and its oil temperature, say all seven for the next four, by the hour.

Zhou et al. (2021), Informer, arXiv 2012.07436. Learned on the first twelve months, chosen on the next four, tested on
the four after; a window for every hour, and a window's past may lie in the part before. The published errors are
squared errors after standardization; a score here is R² over all 96 x 7 answers, 1 - error / 0.7527, which is how much
those answers of the test part vary in the published units. Repeating the last hour has an error of 1.2944 there, and
1.295 in the table, so that the cut and the scale are the published ones; the scales of our targets, one for each of the
672, move a score by less than 0.01.

The file is that of the commit. Its content hash was made from the copy of the authors, which we had; the hub's own was
never seen.
"""

import numpy as np

from tasks.hub import Part, table
from tasks.split import standardize, standardize_targets
from tasks.task import Reference, Split, Splits, Task

COLUMNS = ("HUFL", "HULL", "MUFL", "MULL", "LUFL", "LULL", "OT")
HOURS = Part(
    "AutonLab/Timeseries-PILE",
    "train",
    COLUMNS,
    17_420,
    revision="ea89753da2b451928436adb333c7a2e892461c7d",
    files="forecasting/autoformer/ETTh1.csv",
    content="41de8c64a7ceb636a275db0ccefc5fcf773611a52fec319132f7efea6037461a",
)
PAST = FUTURE = 96
MONTH = 30 * 24
TRAIN_TO, VALID_TO, TEST_TO = 12 * MONTH, 16 * MONTH, 20 * MONTH
VARIES = 0.7527  # mean squared distance of the test answers from their means, in the published units
ZENG = "Zeng et al. 2023, arXiv 2205.13504, table 2"


def load(rng: np.random.Generator) -> Splits:
    """The cut is by time, so nothing here is random."""
    rows = table(HOURS)
    hours = np.column_stack([rows[name].to_numpy() for name in COLUMNS]).astype(np.float32)
    splits = Splits(
        train=_windows(hours[:TRAIN_TO]),
        valid=_windows(hours[TRAIN_TO - PAST : VALID_TO]),
        test=_windows(hours[VALID_TO - PAST : TEST_TO]),
    )
    return standardize_targets(standardize(splits, axes=(0, 1)))


def _windows(hours: np.ndarray) -> Split:
    """Every PAST hours, (windows, PAST, 7), and the FUTURE ones that follow, (windows, FUTURE * 7)."""
    both = np.lib.stride_tricks.sliding_window_view(hours, PAST + FUTURE, axis=0).swapaxes(1, 2)
    return Split(both[:, :PAST], both[:, PAST:].reshape(len(both), -1))


TASK = Task(
    data="series",
    shape=(PAST, len(COLUMNS)),
    target="value",
    outputs=FUTURE * len(COLUMNS),
    metric="r2",
    chance=0.0,
    source="ETTh1, 17,420 hours of seven measurements, from the hub; twelve, four and four months",
    licence="CC BY-ND 4.0",
    load=load,
    references=tuple(
        Reference(model, round(1 - error / VARIES, 3), f"{ZENG}, error {error} made a score, {look_back} hours of past")
        for model, error, look_back in (
            ("linear, hour to hour", 0.375, 336),
            ("NLinear", 0.374, 336),
            ("FEDformer", 0.376, 96),
            ("Autoformer", 0.449, 96),
            ("Informer", 0.865, 96),
            ("the last hour again", 1.295, 96),
        )
    ),
    hub=HOURS.name,
)
