"""The cube: all scores of a study as one array, so that a contrast is a subtraction.

Axes: T tasks, A architectures, S seeds, M arms (settings of the factors), F factors.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from suite.analysis.layout import KNOWN_BY_ITSELF, Layout
from suite.analysis.table import Factors, at_levels, check
from suite.trial import Level

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Truths = NDArray[np.bool_]
Array = NDArray[Any]  # of numbers of any kind


@dataclass(frozen=True)
class Cube:
    """Scores by place. A place without a finished run holds NaN; one without a record has row -1.

    `arms_MF` holds the number of each arm's level in `factors`. Only arms that occur somewhere in the
    table are there: one that occurs nowhere was not asked for.
    """

    rows: pd.DataFrame
    factors: Factors
    tasks: tuple[str, ...]
    architectures: tuple[str, ...]
    seeds: tuple[int, ...]
    arms_MF: Whole
    row_TASM: Whole
    score_TASM: Floats
    metric_T: tuple[str, ...]
    span_T: Floats  # the raw score is chance + span * normalised score
    layout: Layout = KNOWN_BY_ITSELF

    @property
    def asked_TA(self) -> Truths:
        """Which pairs of task and architecture occur in the table."""
        return np.any(self.row_TASM >= 0, axis=(2, 3))

    @property
    def judged(self) -> str:
        """The factor that is judged on a sample of settings of the others; "" where all settings are there."""
        everything = prod(map(len, self.factors.values()))
        return self.layout.controlled if len(self.arms_MF) < everything else ""

    @property
    def unit(self) -> str:
        """What intervals of effects are over."""
        return "setting" if self.judged else self.layout.unit

    @property
    def asked_count_TA(self) -> Whole:
        """How many runs were asked for, as far as is known."""
        if self.layout.is_adaptive:
            return np.sum(self.row_TASM >= 0, axis=(2, 3))
        return self.asked_TA * (len(self.seeds) * len(self.arms_MF))

    @cached_property
    def record_TASM(self) -> Whole:
        """Which record is where, -1 for none. One that several arms share, because they differ in nothing, is one."""
        number_N = np.append(pd.factorize(self.rows["id"])[0], -1)
        return number_N[self.row_TASM]

    def column(self, name: str) -> Floats:
        """Another number of the finished runs, by the same places."""
        values = self.rows[name].to_numpy(dtype=float)
        found = np.full(self.row_TASM.shape, np.nan)
        finished = np.isfinite(self.score_TASM)
        found[finished] = values[self.row_TASM[finished]]
        return found

    def code(self, factor: str, level: Level) -> int:
        """The number of a level in its factor."""
        return list(self.factors[factor]).index(level)

    def arms_at(self, levels: Mapping[str, Level]) -> Whole:
        """The arms that stand at the given levels, in order."""
        inside = np.ones(len(self.arms_MF), dtype=bool)
        for factor, level in levels.items():
            inside &= self.arms_MF[:, list(self.factors).index(factor)] == self.code(factor, level)
        return np.flatnonzero(inside)


def cube(table: pd.DataFrame, factors: Factors, layout: Layout = KNOWN_BY_ITSELF) -> Cube:
    """The cube of a table; ValueError if the table cannot be analysed."""
    check(table, factors)
    rows = at_levels(table, factors).reset_index(drop=True)
    tasks, task_N = np.unique(rows["task"].to_numpy(dtype=object), return_inverse=True)
    architectures, architecture_N = np.unique(rows["architecture"].to_numpy(dtype=object), return_inverse=True)
    seeds, seed_N = np.unique(rows["seed"].to_numpy(), return_inverse=True)
    arms_MF, arm_N = distinct(_codes(rows, factors))
    row_TASM = np.full((len(tasks), len(architectures), len(seeds), len(arms_MF)), -1, dtype=np.int64)
    row_TASM[task_N, architecture_N, seed_N, arm_N] = np.arange(len(rows))
    score_N = np.append(rows["score"].to_numpy(dtype=float), np.nan)  # row -1 finds the NaN
    one_T = rows.drop_duplicates("task").sort_values("task")
    return Cube(
        rows=rows,
        factors=factors,
        tasks=tuple(tasks),
        architectures=tuple(architectures),
        seeds=tuple(int(seed) for seed in seeds),
        arms_MF=arms_MF,
        row_TASM=row_TASM,
        score_TASM=score_N[row_TASM],
        metric_T=tuple(one_T["metric"]),
        span_T=1 - one_T["chance"].to_numpy(dtype=float),
        layout=layout,
    )


def distinct(codes_NF: Whole) -> tuple[Whole, Whole]:
    """The different rows, sorted, and which of them each row is."""
    if codes_NF.shape[1] == 0:  # no factor, so every row is the one arm
        return codes_NF[:1], np.zeros(len(codes_NF), dtype=np.int64)
    found, which = np.unique(codes_NF, axis=0, return_inverse=True)
    return found, which.reshape(-1)


def _codes(rows: pd.DataFrame, factors: Factors) -> Whole:
    codes = np.zeros((len(rows), len(factors)), dtype=np.int64)
    for place, (name, levels) in enumerate(factors.items()):
        codes[:, place] = rows[name].map({level: code for code, level in enumerate(levels)}).to_numpy(dtype=np.int64)
    return codes
