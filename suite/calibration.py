"""Whether a network's probabilities can be believed, and what to do with them (section 4.3, D.4.7, E.4.21-23).

Axes: N examples, K classes, A decisions.
"""

import math

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Truths = NDArray[np.bool_]

BINS = 15  # as in Guo et al. (2017)
HOTTEST, HALVINGS = 1e3, 100  # temperatures between 1 / HOTTEST and HOTTEST


def softmax(logits_NK: Floats, temperature: float = 1.0) -> Floats:
    """Probabilities; the largest alone as the temperature goes to 0, all alike as it grows."""
    shifted = (logits_NK - logits_NK.max(1, keepdims=True)) / temperature
    powers = np.exp(shifted)
    probabilities: Floats = powers / powers.sum(1, keepdims=True)
    return probabilities


def reliability(probabilities_NK: Floats, labels_N: Whole, *, bins: int = BINS) -> pd.DataFrame:
    """The reliability diagram: a row for each bin of confidence that holds examples, (low, high], equally wide."""
    confidence_N, right_N = probabilities_NK.max(1), probabilities_NK.argmax(1) == labels_N
    bin_N = np.clip(np.ceil(confidence_N * bins).astype(np.int64) - 1, 0, bins - 1)
    examples = pd.DataFrame({"bin": bin_N, "confidence": confidence_N, "accuracy": right_N.astype(float)})
    found = examples.groupby("bin").agg(
        count=("confidence", "size"), confidence=("confidence", "mean"), accuracy=("accuracy", "mean")
    )
    place = found.index.to_numpy()
    return found.assign(low=place / bins, high=(place + 1) / bins).reset_index(drop=True)


def calibration_error(probabilities_NK: Floats, labels_N: Whole, *, bins: int = BINS) -> float:
    """Expected calibration error (E.4.21): the mean distance of accuracy and confidence over the bins, by examples."""
    found = reliability(probabilities_NK, labels_N, bins=bins)
    distance = (found["accuracy"] - found["confidence"]).abs()
    return float((distance * found["count"]).sum() / found["count"].sum())


def temperature(logits_NK: Floats, labels_N: Whole) -> float:
    """The temperature with the least cross-entropy (Guo et al. 2017), to be fitted on validation examples.

    In 1 / temperature the cross-entropy is convex, and its slope is the mean of (expected logit - logit of the label);
    so halving the interval where the slope changes sign finds the least. Accuracy cannot change.
    """
    own_N = logits_NK[np.arange(len(labels_N)), labels_N]
    low, high = -math.log(HOTTEST), math.log(HOTTEST)  # of the inverse temperature
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        expected_N = (softmax(logits_NK, math.exp(-middle)) * logits_NK).sum(1)
        low, high = (middle, high) if (expected_N - own_N).mean() < 0 else (low, middle)
    return math.exp(-(low + high) / 2)


def threshold(probabilities_NK: Floats, labels_N: Whole, alpha: float) -> float:
    """Split conformal prediction (E.4.22): the rank ceil((n + 1)(1 - alpha)) of the scores 1 - p(label), held out.

    Infinite where there are too few examples for that rank.
    """
    scores_N = np.sort(1 - probabilities_NK[np.arange(len(labels_N)), labels_N])
    rank = math.ceil((len(scores_N) + 1) * (1 - alpha) - 1e-9)
    return float(scores_N[rank - 1]) if rank <= len(scores_N) else math.inf


def prediction_sets(probabilities_NK: Floats, threshold: float) -> Truths:
    """Which classes are in each example's set (E.4.23): those with 1 - p no larger than the threshold; (N, K)."""
    inside: Truths = 1 - probabilities_NK <= threshold
    return inside


def decide(probabilities_NK: Floats, costs_KA: Floats) -> Whole:
    """The decision with the least expected cost; `costs_KA` says what each costs where the truth is a class; (N,)."""
    return np.argmin(probabilities_NK @ costs_KA, axis=1)
