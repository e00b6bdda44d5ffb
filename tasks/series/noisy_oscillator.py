"""A hidden oscillation seen through noise: what will be seen next? The best possible answer is known (Kalman 1960).

Hidden is an autoregression of order two, x' = a x + b x'' + noise; seen is x and noise of its own. Two places would do
if one saw x itself; as it is, every place of the past helps a little, and the Kalman filter, a linear recurrence, makes
the best of all. A window sees what is inside, and a memory that forgets too soon, too little.
"""

import numpy as np
from scipy.linalg import solve_discrete_are
from scipy.signal import lfilter

from tasks.probe import probe
from tasks.split import standardize
from tasks.task import Reference, Split, Splits, Task

LENGTH, FIRST = 64, 32  # asked from place FIRST on, where the filter has settled
RADIUS, PERIOD = 0.99, 9.0
SEEN_NOISE = 6.0  # deviation; that of the hidden noise is 1
TURN = 2 * RADIUS * np.cos(2 * np.pi / PERIOD), -(RADIUS**2)
SETTLED = 900  # steps before the first that is shown: 0.99^900 is one part in ten thousand

STEP = np.array([[TURN[0], TURN[1]], [1.0, 0.0]])
HIDDEN = np.diag([1.0, 0.0])
SEEN = np.array([[1.0, 0.0]])


def variance() -> float:
    """Of what is seen, in the long run: the closed form of an autoregression of order two, and the noise on top."""
    a, b = TURN
    return float((1 - b) / ((1 + b) * ((1 - b) ** 2 - a**2)) + SEEN_NOISE**2)


def best() -> float:
    """R² of the Kalman filter once it has settled, from the algebraic Riccati equation."""
    uncertainty = solve_discrete_are(STEP.T, SEEN.T, HIDDEN, np.array([[SEEN_NOISE**2]]))
    return float(1 - (uncertainty[0, 0] + SEEN_NOISE**2) / variance())


def draw(rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
    """What is seen, in units of its long-run deviation, and what is seen next."""
    noise = rng.standard_normal((count, SETTLED + LENGTH + 1))
    hidden = lfilter([1.0], [1.0, -TURN[0], -TURN[1]], noise)[:, SETTLED:]
    seen = (hidden + SEEN_NOISE * rng.standard_normal(hidden.shape)) / np.sqrt(variance())
    inputs, targets = (part.astype(np.float32)[:, :, None] for part in (seen[:, :-1], seen[:, 1:]))
    targets[:, :FIRST] = np.nan
    return inputs, targets


def load(rng: np.random.Generator) -> Splits:
    """Scaled by the mean and deviation of what is shown, or asked, in train."""
    splits = standardize(probe(rng, draw), axes=(0, 1, 2))
    centre, spread = (f(splits.train.targets, dtype=np.float64) for f in (np.nanmean, np.nanstd))

    def scaled(split: Split) -> Split:
        return Split(split.inputs, ((split.targets - centre) / spread).astype(np.float32))

    return Splits(scaled(splits.train), scaled(splits.valid), scaled(splits.test))


TASK = Task(
    data="series",
    shape=(LENGTH, 1),
    target="value",
    outputs=1,
    metric="r2",
    chance=0.0,
    source="an autoregression of order two under noise, made by this file",
    licence="none needed",
    load=load,
    references=(Reference("Kalman filter", best(), "closed form: the algebraic Riccati equation"),),
    per="place",
    causal=True,
)
