"""The leaderboard: architectures by test score, each with the arm that validation chose; ties are ties.

Axes: T tasks, A architectures, S seeds, M arms, P pairs of architectures.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from suite.analysis.bounds import possible
from suite.analysis.contrast import ALL, NORMALISED
from suite.analysis.cube import Array, Cube, Floats, Truths, Whole, cube
from suite.analysis.interval import Intervals, holm, holm_levels, intervals, over_units
from suite.analysis.layout import KNOWN_BY_ITSELF, Layout
from suite.analysis.needed import seeds_to_separate
from suite.analysis.table import Factors, known
from suite.analysis.ties import letters

RANKS = {"rank_low": "Int64", "rank_high": "Int64", "tie_group": "str"}
NEEDED = {"seeds_needed": "Int64"}  # to tell it from the next below, where it is not told apart
NUMBERS = {
    "mean": "float64",
    "low": "float64",
    "high": "float64",
    "unit": "str",
    "n_seeds": "int64",  # of the chosen arm; the fewest that any task has
    "n_tasks": "int64",
    "n_failed": "int64",  # runs of any arm that did not finish
    "n_missing": "int64",  # runs of any arm without a record
    "n_arms": "int64",
    "coverage": "float64",  # share of the tasks with a finished run
    "parameters": "float64",
    "flops": "float64",
    "seconds": "float64",
}
COSTS = ("parameters", "flops", "seconds")


@dataclass(frozen=True)
class Entries:
    """What enters the board: for each task and architecture the chosen arm, -1 for none, and its runs."""

    arm_TA: Whole
    score_TAS: Floats
    costs: dict[str, Floats]  # (T, A)


def leaderboard(
    table: pd.DataFrame,
    factors: Factors,
    *,
    task: str | None = None,
    layout: Layout = KNOWN_BY_ITSELF,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """A row per architecture, for "all" tasks together and each; or for the one `task` asked for.

    Ranks are ranges: no better than 1 + the number of architectures significantly better, no worse than
    the number ranked minus those significantly worse, by paired t-tests over seeds with Holm's correction
    over all pairs of the board. Over all tasks an architecture is ranked only if it has every task.
    """
    blocks = cube(table, factors, layout)
    if task is not None and blocks.tasks:
        known("task", [task], [ALL, *blocks.tasks])
    entries = choose(blocks)
    every = np.arange(len(blocks.tasks))
    boards = [_board(blocks, entries, ALL, every, confidence)] if blocks.tasks else []
    boards += [_board(blocks, entries, name, every[[t]], confidence) for t, name in enumerate(blocks.tasks)]
    found = pd.concat([_typed(board, factors) for board in boards or [pd.DataFrame()]], ignore_index=True)
    return found if task is None else found[found["task"] == task].reset_index(drop=True)


def choose(blocks: Cube) -> Entries:
    """For each task and architecture the arm with the best mean validation score.

    An arm that lost a seed can be chosen only where no arm lost fewer.
    """
    valid_TASM = blocks.column("valid")
    there = np.isfinite(valid_TASM)
    kept_TAM = there.sum(axis=2)
    asked_TAM = (blocks.row_TASM >= 0).sum(axis=2) if blocks.layout.is_adaptive else len(blocks.seeds)
    lost_TAM = np.where(kept_TAM > 0, asked_TAM - kept_TAM, len(blocks.seeds))
    mean_TAM = np.where(there, valid_TASM, 0.0).sum(axis=2) / np.maximum(kept_TAM, 1)
    least_TA1 = lost_TAM.min(axis=2, keepdims=True, initial=len(blocks.seeds))
    eligible = (lost_TAM == least_TA1) & (kept_TAM > 0)
    ranked_TAM = np.where(eligible, mean_TAM, -np.inf)
    arm_TA = np.where(eligible.any(axis=2), ranked_TAM.argmax(axis=2) if eligible.size else 0, -1)
    return Entries(
        arm_TA=arm_TA,
        score_TAS=_of_arm(blocks.score_TASM, arm_TA),
        costs={name: _mean(_of_arm(blocks.column(name), arm_TA)) for name in COSTS},
    )


def _of_arm(values_TASM: Floats, arm_TA: Whole) -> Floats:
    chosen = np.take_along_axis(values_TASM, np.maximum(arm_TA, 0)[:, :, None, None], axis=3)[..., 0]
    return np.where(arm_TA[:, :, None] >= 0, chosen, np.nan)


def _mean(values: Floats) -> Floats:
    there = np.isfinite(values)
    count = there.sum(axis=-1)
    total = np.where(there, values, 0.0).sum(axis=-1)
    return np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)


def _board(blocks: Cube, entries: Entries, name: str, tasks: Whole, confidence: float) -> pd.DataFrame:
    entered_TA = entries.arm_TA[tasks] >= 0
    ranked = np.flatnonzero(np.all(entered_TA, axis=0))
    units_ATS = entries.score_TAS[tasks].transpose(1, 0, 2)
    means_A = _pooled(units_ATS[ranked], confidence, blocks.layout).mean
    order = ranked[np.argsort(-means_A, kind="stable")]
    rest = np.setdiff1d(np.flatnonzero(blocks.asked_TA[tasks].any(axis=0)), ranked)
    standing = pd.DataFrame(_standing(blocks, units_ATS[order], name, tasks, confidence), index=order)
    for cost in COSTS:
        standing[cost] = _mean(entries.costs[cost][tasks].T)[order]
    facts = pd.DataFrame(_facts(blocks, entries, name, tasks)).iloc[[*order, *rest]]
    found = facts.join(standing)
    return found.assign(task=name, tie_group=found["tie_group"].fillna(""))


def _standing(blocks: Cube, units_ATS: Floats, name: str, tasks: Whole, confidence: float) -> dict[str, Array]:
    """The columns of those that are ranked, in their order."""
    better, levels = _better(units_ATS, confidence, blocks.layout)
    scores = _pooled(units_ATS, confidence, blocks.layout)
    span, metric = (1.0, NORMALISED) if name == ALL else (blocks.span_T[tasks[0]], blocks.metric_T[tasks[0]])
    low, high = possible(1 - span * (1 - scores.low), 1 - span * (1 - scores.high), metric)
    return {
        "rank_low": 1 + better.sum(axis=0),
        "rank_high": len(better) - better.sum(axis=1),
        "tie_group": np.array(letters(better | better.T), dtype=object),
        "mean": 1 - span * (1 - scores.mean),
        "low": low,
        "high": high,
        "seeds_needed": _needed(units_ATS, better, levels),
    }


def _needed(units_ATS: Floats, better_AA: Truths, level_AA: Floats) -> Floats:
    """Seeds per task that would tell each from the next below; NaN where they are told apart, or cannot be."""
    places = np.arange(len(units_ATS) - 1)
    needed = seeds_to_separate(units_ATS[places] - units_ATS[places + 1], level_AA[places, places + 1])
    return np.append(np.where(better_AA[places, places + 1], np.nan, needed), np.full(min(1, len(units_ATS)), np.nan))


def _better(units_ATS: Floats, confidence: float, layout: Layout) -> tuple[Truths, Floats]:
    """Whether row beats column, for every two, and at which level Holm asks that.

    There is no test without a seed in common on each task.
    """
    count = len(units_ATS)
    beats = np.zeros((count, count), dtype=np.bool_)
    pairs = np.array(list(combinations(range(count), 2)), dtype=np.int64).reshape(-1, 2)
    first, second = pairs[:, 0], pairs[:, 1]
    apart_PTS = units_ATS[first] - units_ATS[second]
    tests = _pooled(apart_PTS, confidence, layout)
    on_every_task = np.all(np.any(np.isfinite(apart_PTS), axis=2), axis=1)
    p = np.where(on_every_task, tests.p, np.nan)
    decided = holm(p) < 1 - confidence
    beats[first, second] = decided & (tests.mean > 0)
    beats[second, first] = decided & (tests.mean < 0)
    levels = np.full((count, count), np.nan)
    levels[first, second] = levels[second, first] = holm_levels(p, 1 - confidence)
    return beats, levels


def _pooled(units: Floats, confidence: float, layout: Layout) -> Intervals:
    return over_units(units, confidence) if layout.shared else intervals(units, confidence)


def _facts(blocks: Cube, entries: Entries, name: str, tasks: Whole) -> dict[str, Array | str]:
    """The columns that every architecture has, ranked or not."""
    entered_TA = entries.arm_TA[tasks] >= 0
    recorded = blocks.row_TASM[tasks] >= 0
    finished = np.isfinite(blocks.score_TASM[tasks])
    asked = blocks.asked_count_TA[tasks].sum(axis=0)
    seeds_TA = np.isfinite(entries.score_TAS[tasks]).sum(axis=2)
    fewest = np.where(entered_TA, seeds_TA, len(blocks.seeds) + 1).min(axis=0)
    return {
        "architecture": np.array(blocks.architectures, dtype=object),
        **{factor: _levels(blocks, entries, factor, name, tasks) for factor in blocks.factors},
        "unit": NORMALISED if name == ALL else blocks.metric_T[tasks[0]],
        "n_seeds": np.where(np.any(entered_TA, axis=0), fewest, 0),
        "n_tasks": entered_TA.sum(axis=0),
        "n_failed": (recorded & ~finished).sum(axis=(0, 2, 3)),
        "n_missing": asked - recorded.sum(axis=(0, 2, 3)),
        "n_arms": np.any(recorded, axis=(0, 2)).sum(axis=1),
        "coverage": entered_TA.mean(axis=0),
    }


def _levels(blocks: Cube, entries: Entries, factor: str, name: str, tasks: Whole) -> Array:
    """The level of each architecture's chosen arm; None where there is none, or one for each task."""
    place = list(blocks.factors).index(factor)
    found = np.full(len(blocks.architectures), None, dtype=object)
    if name != ALL:
        for architecture, arm in enumerate(entries.arm_TA[tasks[0]]):
            if arm >= 0:
                found[architecture] = blocks.factors[factor][blocks.arms_MF[arm, place]]
    return found


def _typed(board: pd.DataFrame, factors: Factors) -> pd.DataFrame:
    levels = dict.fromkeys(factors, "object")
    types = {"task": "str", "architecture": "str", **levels, **RANKS, **NUMBERS, **NEEDED}
    return board.reindex(columns=list(types)).astype(types)
