"""Effects: what each level of each factor is worth against the reference, averaged over everything else."""

import pandas as pd

from suite.analysis.contrast import contrasts, rows, verdicts
from suite.analysis.cube import cube
from suite.analysis.table import Factors


def effects(table: pd.DataFrame, factors: Factors, *, confidence: float = 0.95) -> pd.DataFrame:
    """Main effects: a row per level other than the reference, for "all" tasks and each, "all" architectures and each.

    Two runs are a pair when they differ in this factor alone. Pairs are averaged inside each task and
    seed, and intervals are over seeds. `p_holm` counts all rows of the same task and architecture.
    """
    blocks = cube(table, factors)
    named = [
        ({"factor": name, "level": contrast.levels[0], "reference": levels[0]}, contrast)
        for name, levels in factors.items()
        for contrast in contrasts(blocks, (name,), {})
    ]
    found = rows(blocks, ("factor", "level", "reference"), named, confidence).astype({"factor": "str"})
    return found.assign(verdict=verdicts(found, confidence, "better", "worse", "inconclusive"))
