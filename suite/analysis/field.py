"""The field: who competes, architectures or the levels of a factor, and the scores of each by task, seed and place.

Axes: A competitors, T tasks, S seeds, P places (settings of all else) that a seed has, M arms, L levels.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from suite.analysis.contrast import places
from suite.analysis.cube import Cube, Floats, Truths, cube
from suite.analysis.ranking import choose
from suite.analysis.table import Factors, known

ARCHITECTURE = "architecture"
FAILED = float("-inf")  # worse than any score
LOST = -1e6  # instead of a task's mean where more than half of the runs failed: worse than any mean


@dataclass(frozen=True)
class Field:
    """Normalised scores. A run that failed is -inf, so that it loses to all that finished; one not there is NaN."""

    by: str
    names: tuple[str, ...]
    tasks: tuple[str, ...]
    score_ATSP: Floats

    @property
    def there_AT(self) -> Truths:
        there: Truths = np.any(~np.isnan(self.score_ATSP), axis=(2, 3))
        return there

    @property
    def complete(self) -> "Field":
        """Without the competitors that lack a task."""
        whole = np.flatnonzero(self.there_AT.all(axis=1))
        return Field(self.by, tuple(self.names[a] for a in whole), self.tasks, self.score_ATSP[whole])

    @property
    def mean_AT(self) -> Floats:
        """The mean of the finished runs of each task; LOST where more than half failed, NaN where there is none.

        Levels of a factor are averaged over the places where all of them finished, since places differ.
        """
        finished = np.isfinite(self.score_ATSP)
        enough = 2 * finished.sum(axis=(2, 3)) >= np.maximum((~np.isnan(self.score_ATSP)).sum(axis=(2, 3)), 1)
        if self.by != ARCHITECTURE:
            finished &= np.all(finished | ~enough[:, :, None, None], axis=0)
        total, done = np.where(finished, self.score_ATSP, 0.0).sum(axis=(2, 3)), finished.sum(axis=(2, 3))
        mean = np.divide(total, done, out=np.full(total.shape, LOST), where=enough & (done > 0))
        return np.where(self.there_AT, mean, np.nan)

    @property
    def counts(self) -> pd.DataFrame:
        """A row per competitor: what its numbers are made of."""
        finished, recorded = np.isfinite(self.score_ATSP), ~np.isnan(self.score_ATSP)
        seeds_AT = recorded.any(axis=3).sum(axis=2)
        most = seeds_AT.max(initial=0)
        fewest = np.where(self.there_AT, seeds_AT, most).min(axis=1, initial=most)
        return pd.DataFrame(
            {
                "competitor": list(self.names),
                "n_tasks": self.there_AT.sum(axis=1),
                "n_seeds": np.where(self.there_AT.any(axis=1), fewest, 0),
                "n_runs": recorded.sum(axis=(1, 2, 3)),
                "n_failed": (recorded & ~finished).sum(axis=(1, 2, 3)),
            }
        )


def field(table: pd.DataFrame, factors: Factors, by: str = ARCHITECTURE, *, task: str | None = None) -> Field:
    """The architectures, each at the arm that validation chose, or the levels of a factor, at all places alike.

    ValueError for a factor that is none, or whose levels never meet with all else the same.
    """
    known("factor to compare by", [by], [ARCHITECTURE, *factors])
    if task is not None:
        known("task", [task], sorted(set(table["task"])))
        table = table[table["task"] == task]
    blocks = cube(table, factors)
    return _architectures(blocks) if by == ARCHITECTURE else _levels(blocks, by)


def _architectures(blocks: Cube) -> Field:
    arm_TA = choose(blocks).arm_TA
    score_TASM = _scores(blocks)
    at = np.maximum(arm_TA, 0)[:, :, None, None]
    chosen_TAS = np.take_along_axis(score_TASM, at, axis=3)[..., 0]
    lost_TAS = np.where(np.any(blocks.row_TASM >= 0, axis=3), FAILED, np.nan)  # of those that never finished
    score_TAS = np.where(arm_TA[:, :, None] >= 0, chosen_TAS, lost_TAS)
    return Field(ARCHITECTURE, blocks.architectures, blocks.tasks, score_TAS.transpose(1, 0, 2)[..., None])


def _levels(blocks: Cube, factor: str) -> Field:
    levels = blocks.factors[factor]
    arms_KL = places(blocks, (factor,), {})
    arms_KL = arms_KL[(arms_KL >= 0).all(axis=1)]
    if not len(arms_KL):
        raise ValueError(f"the levels of {factor} never meet with all else the same in this design; see its effects")
    score_TASKL, record_TASKL = _scores(blocks)[..., arms_KL], blocks.record_TASM[..., arms_KL]
    absent = np.any(record_TASKL < 0, axis=-1, keepdims=True)
    inert = np.all(record_TASKL == record_TASKL[..., :1], axis=-1, keepdims=True)  # one record under all levels
    score_TASKL = np.where(absent | inert, np.nan, score_TASKL)
    tasks, architectures, seeds, count, _ = score_TASKL.shape
    score_LTSP = score_TASKL.transpose(4, 0, 2, 1, 3).reshape(len(levels), tasks, seeds, architectures * count)
    return Field(factor, tuple(str(level) for level in levels), blocks.tasks, score_LTSP)


def _scores(blocks: Cube) -> Floats:
    return np.where((blocks.row_TASM >= 0) & ~np.isfinite(blocks.score_TASM), FAILED, blocks.score_TASM)
