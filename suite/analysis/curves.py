"""Learning curves: their means over seeds, step by step."""

import numpy as np
import pandas as pd

from suite.analysis.interval import intervals


def means(runs: pd.DataFrame) -> pd.DataFrame:
    """At every step of a task and arm the mean over the runs that have it, with its 95% interval and how many they are.

    `runs` has a row per run and step: its task, arm, seed, step and value.
    """
    if runs.empty:
        return runs.assign(mean=0.0, low=0.0, high=0.0, n=0).drop(columns=["id", "seed", "value"])
    wide = runs.pivot(index=["task", "arm", "step"], columns="seed", values="value")
    found = intervals(wide.to_numpy(dtype=float)[:, None, :])
    columns = {"mean": found.mean, "low": found.low, "high": found.high, "n": np.asarray(found.n)}
    return wide.index.to_frame(index=False).assign(**columns)
