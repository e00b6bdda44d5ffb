"""The scene: what a finding is about, which scope of it is told, and what that scope is made of."""

from collections import Counter
from dataclasses import dataclass

import pandas as pd

from suite.analysis import text
from suite.analysis.contrast import ALL, NORMALISED
from suite.analysis.cube import Cube, cube
from suite.analysis.layout import Layout
from suite.analysis.table import ONE, Factors


@dataclass(frozen=True)
class Scene:
    """A table, the factors that move in it, and the task whose numbers are told: "all" unless there is only one."""

    table: pd.DataFrame
    factors: Factors
    blocks: Cube
    task: str

    def told(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Of the rows of an analysis, those over all architectures in the task that is told, if they have a number."""
        inside = (rows["task"] == self.task) & (rows["architecture"] == ALL) & rows["effect"].notna()
        return rows[inside].reset_index(drop=True)

    @property
    def score(self) -> str:
        """What the numbers measure."""
        if self.task == ALL:
            return NORMALISED
        return f"{self.blocks.metric_T[0]}{'' if self.task == ONE else f' on {self.task}'}"


def scene(table: pd.DataFrame, factors: Factors, layout: Layout) -> Scene:
    moving = {name: levels for name, levels in factors.items() if len(levels) > 1}
    blocks = cube(table, moving, layout)
    return Scene(table, moving, blocks, blocks.tasks[0] if len(blocks.tasks) == 1 else ALL)


def sample(scene: Scene, row: pd.Series) -> str:
    """What a number is a mean of, and what it lacks."""
    over = "" if pd.isna(row["low"]) else "95% intervals over "
    least = "at least " if row["n_missing"] else ""
    lost = f", {row['n_missing']:,} of {row['n_pairs'] + row['n_missing']:,} comparisons lost"
    size = f"{text.count(row['n_seeds'], scene.blocks.unit)}{_contexts(scene, row)}"
    return f"{over}{least}{size}{lost if row['n_missing'] else ''}"


def _contexts(scene: Scene, row: pd.Series) -> str:
    tasks, architectures = scene.blocks.tasks, scene.blocks.architectures
    if len(architectures) == 1:
        many = "" if len(tasks) == 1 else f" x {text.count(row['n_tasks'], 'task')}"
        return many if architectures == (ONE,) else f"{many} of {architectures[0]}"
    if len(tasks) == 1:
        return f" x {text.count(row['n_contexts'], 'architecture')}"
    return f" x {text.count(row['n_contexts'], 'pair')} of task and architecture"


def losses(blocks: Cube) -> str:
    """What did not finish and what has no record, as the end of a sentence; "" where nothing is lost."""
    runs = blocks.rows.drop_duplicates("id")  # one that several arms share is one
    outcomes = Counter(outcome for outcome in runs["outcome"] if outcome != "finished")
    parts = []
    if outcomes:
        kinds = [f"{count:,} {name.replace('_', ' ')}" for name, count in sorted(outcomes.items())]
        parts.append(f"{outcomes.total():,} of {text.count(len(runs), 'run')} did not finish ({', '.join(kinds)})")
    absent = int(blocks.asked_count_TA.sum()) - len(blocks.rows)
    if absent:
        parts.append(f"{text.count(absent, 'run')} {'has' if absent == 1 else 'have'} no record")
    return f"; {text.listed(parts)}" if parts else ""
