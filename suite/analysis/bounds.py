"""Bounds: what a mean score or loss can be, and intervals cut to that.

An interval that covers the true mean covers it also where it is cut to what a mean can be, so nothing is lost.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from suite.analysis.cube import Floats
from suite.analysis.interval import Interval, mean_interval

BEST = 1.0  # of every metric, and so of the normalised score
LEAST = {"accuracy": 0.0, "auc": 0.0}  # of metrics that have one; others go down without end


def possible(low: Floats, high: Floats, metric: str) -> tuple[Floats, Floats]:
    """The limits of an interval of a mean score, cut to what it can be. NaN stays."""
    return np.maximum(low, LEAST.get(metric, -np.inf)), np.minimum(high, BEST)


def score_interval(values: Sequence[float], metric: str) -> Interval:
    """The mean of independent scores with Student's t-interval, cut to what it can be."""
    found = mean_interval(values)
    low, high = possible(np.array(found.low), np.array(found.high), metric)
    return replace(found, low=float(low), high=float(high))
