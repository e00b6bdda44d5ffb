"""The Pareto front: who cannot be had better without paying more, and how sure that is over other draws of the seeds.

Axes: A competitors, T tasks, S seeds, B resamples.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from suite.analysis.aggregate import average
from suite.analysis.contrast import ALL, NORMALISED
from suite.analysis.cube import Array, Cube, Floats, Truths, Whole, cube
from suite.analysis.field import ARCHITECTURE
from suite.analysis.ranking import choose
from suite.analysis.table import Factors

COSTS = ("parameters", "flops", "seconds")
ARM = "arm"
RESAMPLES = 1000
SEED = 0
COLUMNS = {
    "task": "str",
    "competitor": "str",
    "architecture": "str",
    "cost": "str",  # which
    "paid": "float64",  # how much of it a run takes, over all tasks on average
    "mean": "float64",
    "unit": "str",
    "front": "bool",
    "front_share": "float64",  # of the resamples; unknown with a single seed
    "n_seeds": "int64",  # the fewest that any task has
    "n_tasks": "int64",
    "n_failed": "int64",
}


@dataclass(frozen=True)
class _Entrants:
    names: list[str]
    architectures: list[str]
    score_ATS: Floats
    costs_ATS: dict[str, Floats]
    failed_AT: Whole


def pareto(table: pd.DataFrame, factors: Factors, *, by: str = ARCHITECTURE) -> pd.DataFrame:
    """A row per cost and competitor, for "all" tasks together and each, the cheapest first.

    Competitors are architectures, each at the arm that validation chose, or, by "arm", every setting of each. Over all
    tasks only those count that have every task. One is on the front if no other is at least as good for at most the
    same, and not the same in both.
    """
    blocks = cube(table, factors)
    entrants = _arms(blocks) if by == ARM else _architectures(blocks)
    every = np.arange(len(blocks.tasks))
    parts = [_front(blocks, entrants, ALL, every)] if len(every) > 1 else []
    parts += [_front(blocks, entrants, name, every[[t]]) for t, name in enumerate(blocks.tasks)]
    found = [rows for rows in parts if len(rows)]
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=list(COLUMNS)).astype(COLUMNS)


def front(score_A: Floats, paid_A: Floats) -> Truths:
    """Who is not dominated: no other is at least as good and as cheap, and better or cheaper. NaN is never there."""
    as_good = score_A[:, None] >= score_A
    as_cheap = paid_A[:, None] <= paid_A
    other = (score_A[:, None] > score_A) | (paid_A[:, None] < paid_A)
    found: Truths = ~np.any(as_good & as_cheap & other, axis=0) & np.isfinite(score_A) & np.isfinite(paid_A)
    return found


def _architectures(blocks: Cube) -> _Entrants:
    entries = choose(blocks)
    costs = {cost: _at(blocks.column(cost), entries.arm_TA) for cost in COSTS}
    failed_TA = _failed(blocks).sum(axis=(2, 3))
    names = list(blocks.architectures)
    return _Entrants(names, names, entries.score_TAS.transpose(1, 0, 2), costs, failed_TA.T)


def _arms(blocks: Cube) -> _Entrants:
    settings = [_setting(blocks.factors, codes_F) for codes_F in blocks.arms_MF]
    several = len(blocks.architectures) > 1
    both = [(architecture, at) for architecture in blocks.architectures for at in settings]
    return _Entrants(
        names=[", ".join(part for part in (owner if several else "", at) if part) or owner for owner, at in both],
        architectures=[owner for owner, _ in both],
        score_ATS=_flat(blocks.score_TASM),
        costs_ATS={cost: _flat(blocks.column(cost)) for cost in COSTS},
        failed_AT=_flat(_failed(blocks)).sum(axis=2),
    )


def _flat(values_TASM: Array) -> Array:
    """Every setting of every architecture as one competitor."""
    tasks, architectures, seeds, arms = values_TASM.shape
    return values_TASM.transpose(1, 3, 0, 2).reshape(architectures * arms, tasks, seeds)


def _setting(factors: Factors, codes_F: Whole) -> str:
    return ", ".join(f"{name} {levels[codes_F[place]]}" for place, (name, levels) in enumerate(factors.items()))


def _failed(blocks: Cube) -> Truths:
    found: Truths = (blocks.row_TASM >= 0) & ~np.isfinite(blocks.score_TASM)
    return found


def _at(values_TASM: Floats, arm_TA: Whole) -> Floats:
    chosen = np.take_along_axis(values_TASM, np.maximum(arm_TA, 0)[:, :, None, None], axis=3)[..., 0]
    return np.where(arm_TA[:, :, None] >= 0, chosen, np.nan).transpose(1, 0, 2)


def _front(blocks: Cube, entrants: _Entrants, task: str, tasks: Whole) -> pd.DataFrame:
    """The rows of one task, or of all."""
    score_ATS = entrants.score_ATS[:, tasks]
    there = np.flatnonzero(np.all(np.any(np.isfinite(score_ATS), axis=2), axis=1))
    score_ATS = score_ATS[there]
    span = 1.0 if task == ALL else blocks.span_T[tasks[0]]
    mean_A = average(average(score_ATS))
    seeds_A = np.isfinite(score_ATS).sum(axis=2).min(axis=1, initial=len(blocks.seeds))
    weight_BTS = _drawn(len(tasks), len(blocks.seeds))
    scores_BA = _resampled(score_ATS, weight_BTS)
    parts = []
    for cost in COSTS:
        costs_ATS = entrants.costs_ATS[cost][there][:, tasks]
        paid_A, paid_BA = average(average(costs_ATS)), _resampled(costs_ATS, weight_BTS)
        shares_A = np.mean([front(*drawn) for drawn in zip(scores_BA, paid_BA, strict=True)], axis=0)
        rows = pd.DataFrame(
            {
                "task": task,
                "competitor": [entrants.names[a] for a in there],
                "architecture": [entrants.architectures[a] for a in there],
                "cost": cost,
                "paid": paid_A,
                "mean": 1 - span * (1 - mean_A),
                "unit": NORMALISED if task == ALL else blocks.metric_T[tasks[0]],
                "front": front(mean_A, paid_A),
                "front_share": np.where(seeds_A > 1, shares_A, np.nan),
                "n_seeds": seeds_A,
                "n_tasks": len(tasks),
                "n_failed": entrants.failed_AT[there][:, tasks].sum(axis=1),
            }
        ).astype(COLUMNS)
        parts.append(rows.sort_values(["paid", "mean"], ascending=[True, False], kind="stable"))
    return pd.concat(parts)


def _drawn(tasks: int, seeds: int) -> Floats:
    """How often each seed is drawn, (B, T, S); the same for all competitors, so that what seeds share cancels."""
    return np.random.default_rng(SEED).multinomial(seeds, np.full(seeds, 1 / seeds), (RESAMPLES, tasks)).astype(float)


def _resampled(values_ATS: Floats, weight_BTS: Floats) -> Floats:
    """Means over seeds drawn anew, then over tasks, (B, A); NaN where a task has none of its finished runs drawn."""
    there_ATS = np.isfinite(values_ATS)
    total = np.einsum("ats,bts->bat", np.where(there_ATS, values_ATS, 0.0), weight_BTS)
    count = np.einsum("ats,bts->bat", there_ATS.astype(float), weight_BTS)
    means = np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)
    found: Floats = means.mean(axis=2)
    return found
