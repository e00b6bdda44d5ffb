"""Estimates: contrasts as rows of numbers, with intervals, p, sizes and counts.

Axes: T tasks, A architectures, B all architectures together and then each, S seeds, M arms, K places
(settings of all else) where a contrast is taken, H arms on one side of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from suite.analysis.aggregate import average
from suite.analysis.contrast import ALL, NORMALISED, Contrast
from suite.analysis.cube import Array, Cube, Floats, Truths, Whole
from suite.analysis.heterogeneity import heterogeneity
from suite.analysis.interval import holm, holm_levels, inside, intervals, moments, over_groups, over_units, unit_means
from suite.analysis.needed import seeds_to_separate
from suite.analysis.sign_flip import sign_flip

SCOPE = ("task", "architecture", "unit")
NUMBERS = {
    "effect": "float64",
    "low": "float64",
    "high": "float64",
    "p": "float64",
    "p_holm": "float64",
    "n_pairs": "int64",  # comparisons averaged
    "n_seeds": "int64",  # the fewest that any task has
    "n_tasks": "int64",
    "n_contexts": "int64",  # pairs of task and architecture
    "n_missing": "int64",  # comparisons lost because a run did not finish or has no record
    "correlation": "float64",
    "variance_ratio": "float64",
    "d_z": "float64",  # the effect in standard deviations of paired differences
    "p_sign_flip": "float64",  # exact, for up to twelve numbers
    "p_equivalent": "float64",  # of lying inside the margin, if there is one
    "q": "float64",  # heterogeneity between tasks
    "i2": "float64",
    "between_sd": "float64",
    "seeds_needed": "float64",  # per task, to tell what is not told yet
}
Reach = Literal["these-tasks", "new-tasks"]
THESE, NEW = get_args(Reach)


def rows(
    cube: Cube,
    label_names: Sequence[str],
    named: Sequence[tuple[Mapping[str, Any], Contrast]],
    confidence: float,
    *,
    reach: Reach = THESE,
    margin: float = 0.0,
) -> pd.DataFrame:
    """A row per contrast and scope: "all" tasks or one, "all" architectures or one; Holm within each scope.

    What is pooled holds for these tasks, whose seeds are the sample, or for new tasks, of which these are the sample.

    A scope that the table never asked for has no row; one where every run is lost has a row without numbers.
    `label_names` are the first columns: what each contrast is named by.
    """
    tasks, architectures = [ALL, *cube.tasks], [ALL, *cube.architectures]
    shape = len(named), len(tasks), len(architectures)
    numbers = {name: np.zeros(shape, dtype) for name, dtype in NUMBERS.items()}
    blocks = [_blocks(cube, contrast) for _, contrast in named]
    for place, one in enumerate(blocks):
        for name, values in _estimate(cube, one, confidence, reach, margin).items():
            numbers[name][place] = values
    levels = np.zeros(shape)
    for scope in np.ndindex(shape[1:]):
        numbers["p_holm"][:, *scope] = holm(numbers["p"][:, *scope])
        levels[:, *scope] = holm_levels(numbers["p"][:, *scope], 1 - confidence)
    for place, one in enumerate(blocks):
        numbers["seeds_needed"][place] = _needed(one, levels[place], reach)
    numbers["seeds_needed"][_told(numbers, cube.layout.alpha(confidence))] = np.nan
    order = np.arange(np.prod(shape)).reshape(shape).transpose(1, 2, 0).ravel()  # by scope, then by contrast
    order = order[(numbers["n_pairs"] + numbers["n_missing"]).ravel()[order] > 0]
    which, task, architecture = np.unravel_index(order, shape)
    labels = {name: _objects([names[name] for names, _ in named])[which] for name in label_names}
    scopes = {
        "task": _objects(tasks)[task],
        "architecture": _objects(architectures)[architecture],
        "unit": _objects([NORMALISED, *cube.metric_T])[task],
    }
    columns = {name: values.ravel()[order] for name, values in numbers.items()}
    types = dict.fromkeys(label_names, "object") | dict.fromkeys(SCOPE, "str") | {"seeds_needed": "Int64"}
    return pd.DataFrame(labels | scopes | columns).astype(types)


def _objects(values: Sequence[Any]) -> Array:
    found = np.empty(len(values), dtype=object)
    found[:] = values
    return found


@dataclass(frozen=True)
class _Blocks:
    """A contrast inside each task, group of architectures, and seed; and what was counted, each (1 + T, B).

    Where settings are the sample, S stands for them.
    """

    plus_BTS: Floats
    minus_BTS: Floats
    units_BTS: Floats
    counts: dict[str, Array]


def _blocks(cube: Cube, contrast: Contrast) -> _Blocks:
    score_TASM = cube.score_TASM if contrast.weight_M is None else cube.score_TASM * contrast.weight_M
    plus_TASK, minus_TASK, same, asked = (
        values.swapaxes(-1, -2) if cube.judged else values
        for values in (
            score_TASM[..., contrast.plus_HK].sum(axis=-2),
            score_TASM[..., contrast.minus_HK].sum(axis=-2),
            _same(cube, contrast),
            _asked(cube, contrast),
        )
    )
    whole = np.isfinite(plus_TASK - minus_TASK) & ~same
    count_TBS = _by_block(whole.astype(np.int64))
    plus_BTS, minus_BTS, units_BTS = (
        _over(_by_block(np.where(whole, values, 0.0)), count_TBS).transpose(1, 0, 2)
        for values in (plus_TASK, minus_TASK, plus_TASK - minus_TASK)
    )
    return _Blocks(plus_BTS, minus_BTS, units_BTS, _counts(whole, same, asked, count_TBS))


def _estimate(cube: Cube, blocks: _Blocks, confidence: float, reach: Reach, margin: float) -> dict[str, Array]:
    """All numbers of one contrast, each (1 + T, B): pooled over tasks, then per task."""
    units_BTS = blocks.units_BTS
    span_1T = np.append(1.0, cube.span_T)
    pool = over_groups if reach == NEW else over_units if cube.layout.shared else intervals
    pooled, single = pool(units_BTS, confidence), intervals(units_BTS[:, :, None, :], confidence)
    found: dict[str, Array] = {}
    for name, field in {"effect": "mean", "low": "low", "high": "high", "p": "p"}.items():
        both = _both(getattr(pooled, field), getattr(single, field))
        found[name] = both if name == "p" else both * span_1T[:, None]
    found["p_equivalent"] = _both(inside(pooled, margin), inside(single, margin / cube.span_T))
    return found | _sizes(units_BTS, reach, shared=cube.layout.shared) | _pairing(blocks) | blocks.counts


def _sizes(units_BTS: Floats, reach: Reach, *, shared: bool) -> dict[str, Array]:
    """Sizes in standard deviations, exact p, and what tasks differ by."""
    _, mean_BT, variance_BT = moments(units_BTS)
    mixed, alone = heterogeneity(units_BTS), np.full(mean_BT.shape, np.nan)
    sample, variance_B = units_BTS, average(variance_BT)
    if reach == NEW or shared:
        means_BS = mean_BT if reach == NEW else unit_means(units_BTS)
        sample, variance_B = means_BS[:, None, :], moments(means_BS)[2]
    return {
        "d_z": _both(_over(average(mean_BT), np.sqrt(variance_B)), _over(mean_BT, np.sqrt(variance_BT))),
        "p_sign_flip": _both(sign_flip(sample), sign_flip(units_BTS[:, :, None, :])),
        "q": _both(mixed.q, alone),
        "i2": _both(mixed.i2, alone),
        "between_sd": _both(mixed.between_sd, alone),
    }


def _needed(blocks: _Blocks, level_1TB: Floats, reach: Reach) -> Floats:
    """Seeds that would be enough at these levels; more seeds do not tell of new tasks."""
    pooled = seeds_to_separate(blocks.units_BTS, level_1TB[0])
    single = seeds_to_separate(blocks.units_BTS[:, :, None, :], level_1TB[1:].T)
    return _both(np.full(pooled.shape, np.nan) if reach == NEW else pooled, single)


def _both(pooled_B: Array, single_BT: Array) -> Array:
    """(1 + T, B)."""
    return np.column_stack([pooled_B, single_BT]).T


def _same(cube: Cube, contrast: Contrast) -> Truths:
    """Where both sides are the same records, so that there is nothing to compare; (T, A, S, K).

    So it is where a factor moves that the architecture ignores.
    """
    if contrast.plus_HK.shape != contrast.minus_HK.shape:
        return np.zeros((*cube.row_TASM.shape[:3], contrast.plus_HK.shape[1]), dtype=bool)
    plus, minus = (np.sort(cube.record_TASM[..., side], axis=-2) for side in (contrast.plus_HK, contrast.minus_HK))
    found: Truths = np.all((plus == minus) & (plus >= 0), axis=-2)
    return found


def _by_block(values_TASK: Array) -> Array:
    """Summed over places, for all architectures together and then each: (T, B, S)."""
    each = values_TASK.sum(axis=-1)
    return np.concatenate([each.sum(axis=1, keepdims=True), each], axis=1)


def _over(total: Array, count: Array) -> Floats:
    return np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)


def _pairing(blocks: _Blocks) -> dict[str, Array]:
    """How alike the two sides vary over seeds, and how many times fewer seeds the pairing needs."""
    plus, minus, paired = (_within(values) for values in (blocks.plus_BTS, blocks.minus_BTS, blocks.units_BTS))
    spread = np.sqrt(plus * minus)
    return {
        "correlation": _over((plus + minus - paired) / 2, spread),
        "variance_ratio": _over(plus + minus, paired),
    }


def _within(units_BTS: Floats) -> Floats:
    """Sums of variances over seeds, (1 + T, B); NaN variances of single seeds count as none."""
    n_BT, _, variance_BT = moments(units_BTS)
    variance_BT = np.where(n_BT > 1, variance_BT, 0.0)
    return np.column_stack([variance_BT.sum(axis=1), variance_BT]).T


def _asked(cube: Cube, contrast: Contrast) -> Truths:
    """Which comparisons were asked for, (T, A, S, K): all of a pair of task and architecture, or what has records."""
    sides_HK = np.concatenate([contrast.plus_HK, contrast.minus_HK])
    recorded: Truths = np.all(cube.row_TASM[..., sides_HK] >= 0, axis=-2)
    if cube.layout.is_adaptive:
        return recorded
    return np.broadcast_to(cube.asked_TA[:, :, None, None], recorded.shape)


def _counts(whole_TASK: Truths, same_TASK: Truths, asked_TASK: Truths, count_TBS: Whole) -> dict[str, Array]:
    seeds_TB = (count_TBS > 0).sum(axis=2)
    contexts_TB = _context_count(np.any(whole_TASK, axis=(2, 3)))
    asked_TB = _by_block(asked_TASK.astype(np.int64)).sum(axis=2)
    none = count_TBS.shape[2] + 1
    pairs_TB = count_TBS.sum(axis=2)
    fewest = np.where(seeds_TB > 0, seeds_TB, none).min(axis=0, initial=none)
    return {
        "n_pairs": _with_total(pairs_TB),
        "n_seeds": np.vstack([np.where(fewest == none, 0, fewest), seeds_TB]),
        "n_tasks": _with_total((seeds_TB > 0).astype(np.int64)),
        "n_contexts": _with_total(contexts_TB),
        "n_missing": _with_total(asked_TB - pairs_TB - _by_block(same_TASK.astype(np.int64)).sum(axis=2)),
    }


def _context_count(there_TA: Truths) -> Whole:
    each = there_TA.astype(np.int64)
    return np.column_stack([each.sum(axis=1), each])


def _with_total(values_TB: Whole) -> Whole:
    return np.vstack([values_TB.sum(axis=0), values_TB])


def verdicts(numbers: pd.DataFrame, alpha: float, up: str, down: str, neither: str) -> pd.Series:
    """Which way a contrast is decided: its interval leaves 0 out, and Holm's p over its family is below alpha.

    With a margin, "equivalent" is what lies inside it by two one-sided tests, on whatever side of 0.
    """
    equal = numbers["p_equivalent"] < alpha
    above, below = (_decided(numbers, alpha) & (numbers["effect"] * sign > 0) for sign in (1, -1))
    found = np.select([equal, above, below], ["equivalent", up, down], neither)
    return pd.Series(found, index=numbers.index, dtype="str")


def _decided(numbers: Any, alpha: float) -> Any:
    return (numbers["p_holm"] < alpha) & ((numbers["low"] > 0) | (numbers["high"] < 0))


def _told(numbers: Mapping[str, Array], alpha: float) -> Truths:
    found: Truths = _decided(numbers, alpha) | (numbers["p_equivalent"] < alpha)
    return found
