"""Effects: what each level of each factor is worth against the reference, averaged over everything else."""

from typing import Any

import pandas as pd

from suite.analysis.aliases import aliases, said
from suite.analysis.contrast import Contrast, contrasts, fitted, paired
from suite.analysis.cube import Cube, cube
from suite.analysis.estimates import THESE, Reach, rows, verdicts
from suite.analysis.layout import KNOWN_BY_ITSELF, Layout
from suite.analysis.table import Factors


def effects(
    table: pd.DataFrame,
    factors: Factors,
    *,
    layout: Layout = KNOWN_BY_ITSELF,
    confidence: float = 0.95,
    reach: Reach = THESE,
    margin: float = 0.0,
) -> pd.DataFrame:
    """Main effects: a row per level other than the reference, for "all" tasks and each, "all" architectures and each.

    Two runs are a pair when they differ in this factor alone. Pairs are averaged inside each task and
    seed, and intervals are over seeds. `p_holm` counts all rows of the same task and architecture.

    In a fraction of all combinations, where a pair is an accident, effects are fitted, and `aliases` says what is mixed
    into each. On random settings, effects are those of the factor that is judged, and intervals are over settings,
    which `n_seeds` then counts.

    Over all tasks, what is said holds for these tasks or, by `reach`, for new tasks, of which these are the sample.
    Differences inside the `margin`, in the unit of the row, do not matter: an effect that lies there is "equivalent".
    """
    blocks = cube(table, factors, layout)
    found = rows(
        blocks, ("factor", "level", "reference", "aliases"), _named(blocks), confidence, reach=reach, margin=margin
    )
    found = found.astype({"factor": "str", "aliases": "str"})
    return found.assign(verdict=verdicts(found, layout.alpha(confidence), "better", "worse", "inconclusive"))


def _named(blocks: Cube) -> list[tuple[dict[str, Any], Contrast]]:
    factors = blocks.factors
    if blocks.judged or paired(blocks):
        return [
            ({"factor": name, "level": contrast.levels[0], "reference": levels[0], "aliases": ""}, contrast)
            for name, levels in factors.items()
            if blocks.judged in ("", name)
            for contrast in contrasts(blocks, (name,), {})
        ]
    mixed = aliases(blocks.arms_MF, factors)
    return [
        (
            {
                "factor": name,
                "level": contrast.levels[0],
                "reference": factors[name][0],
                "aliases": said(mixed[((name, contrast.levels[0]),)]),
            },
            contrast,
        )
        for (name,), contrast in fitted(blocks, 1)
    ]
