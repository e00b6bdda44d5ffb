"""Learning curves: their means over seeds, step by step."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from suite.analysis.bounds import possible
from suite.analysis.interval import intervals


def means(runs: pd.DataFrame, metrics: Mapping[str, str] | None = None) -> pd.DataFrame:
    """At every step of a task and arm the mean over the runs that have it, with its 95% interval and how many they are.

    `runs` has a row per run and step: its task, arm, seed, step and value. Intervals are cut to what a mean of the
    task's metric can be; without `metrics` values are losses, which none below 0 are where none was.
    """
    if runs.empty:
        return runs.assign(mean=0.0, low=0.0, high=0.0, n=0).drop(columns=["id", "seed", "value"])
    wide = runs.pivot(index=["task", "arm", "step"], columns="seed", values="value")
    found = intervals(wide.to_numpy(dtype=float)[:, None, :])
    frame = wide.index.to_frame(index=False)
    low, high = found.low.copy(), found.high.copy()
    if metrics is None and (runs["value"] >= 0).all():
        low = np.maximum(low, 0.0)
    for task, metric in (metrics or {}).items():
        inside = (frame["task"] == task).to_numpy()
        low[inside], high[inside] = possible(low[inside], high[inside], metric)
    return frame.assign(mean=found.mean, low=low, high=high, n=np.asarray(found.n))
