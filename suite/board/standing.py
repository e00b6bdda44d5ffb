"""The standing: who is where, on each task and on the tasks that the same architectures accept, as far as can be told.

Everything is computed from the rows. An entry in quarantine is not ranked; a run that failed is counted, and what is
missing is shown and in no average.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from suite.analysis.contrast import ALL
from suite.analysis.ranking import leaderboard
from suite.analysis.table import table
from suite.board import state
from suite.board.entry_rules import by_task, scored, variants
from suite.board.finding import Finding
from suite.board.line import Row
from suite.board.published import Board
from suite.board.rules import quarantined

BEYOND = {
    "state": "str",
    "n_again": "int64",  # rows that have been trained again with success
    "n_rows": "int64",
    "variants": "int64",
    "n_tuning": "int64",
    "tuning_seconds": "float64",
    "mean_failed_as_chance": "float64",  # normalised, with 0 for a run that failed
}
FEWEST = 3  # entries that accept the same tasks, for these to be ranked together


@dataclass(frozen=True)
class Standing:
    """A board seen through the analysis: its tables, and who is in quarantine."""

    board: Board
    findings: tuple[Finding, ...] = ()

    @cached_property
    def quarantined(self) -> dict[str, tuple[str, ...]]:
        return quarantined(self.findings)

    @cached_property
    def _rankings(self) -> dict[str, pd.DataFrame]:
        """Those that were asked for."""
        return {}

    @cached_property
    def published(self) -> dict[str, list[Row]]:
        """All rows of every entry."""
        found: dict[str, list[Row]] = {name: [] for name in self.board.entries}
        for row in self.board.rows:
            found.setdefault(row.entry, []).append(row)
        return found

    @cached_property
    def variants(self) -> dict[str, int]:
        """In how many forms each entry was scored."""
        return {name: max(1, variants(rows)) for name, rows in self.published.items()}

    @cached_property
    def rows(self) -> dict[str, list[Row]]:
        """The rows that count of every entry that is ranked."""
        return {name: scored(self.published[name]) for name in self.board.entries if name not in self.quarantined}

    @cached_property
    def table(self) -> pd.DataFrame:
        """A line per row that counts, as the analysis has it; an entry stands where an architecture would."""
        parts = [table(row.record for row in rows).assign(architecture=name) for name, rows in self.rows.items()]
        return pd.concat(parts or [table(())], ignore_index=True)

    @cached_property
    def scopes(self) -> dict[str, tuple[str, ...]]:
        """What is ranked: tasks that at least three entries accept and no others, then each task by itself."""
        accepted = Counter(frozenset(entry.accepts) for entry in self.board.entries.values())
        together = [tasks for tasks, count in accepted.items() if count >= FEWEST and len(tasks) > 1]
        together.sort(key=lambda tasks: (-len(tasks), sorted(tasks)))
        every = tuple(self.board.facts.tasks)
        panels = [tuple(task for task in every if task in tasks) for tasks in together]
        return {**{_name(tasks, every): tasks for tasks in panels}, **{task: (task,) for task in every}}

    def ranking(self, scope: str) -> pd.DataFrame:
        """A row for each entry that accepts all tasks of the scope, the best first; those without a rank come last."""
        if scope not in self._rankings:
            self._rankings[scope] = self._ranked(scope)
        return self._rankings[scope]

    def _ranked(self, scope: str) -> pd.DataFrame:
        tasks = self.scopes[scope]
        who = [name for name in self.rows if set(tasks) <= set(self.board.entries[name].accepts)]
        rows = self.table[self.table["task"].isin(tasks) & self.table["architecture"].isin(who)]
        found = leaderboard(rows, {})
        found = found[found["task"] == (ALL if len(tasks) > 1 else tasks[0])].reset_index(drop=True)
        order = found["architecture"].tolist()
        beyond = [self._beyond_the_score(name, tasks) for name in order]
        extra = pd.DataFrame(beyond, columns=list(BEYOND), index=found.index).astype(BEYOND)
        return found.assign(task=scope).rename(columns={"architecture": "entry", "task": "scope"}).join(extra)

    def pool(self, scope: str) -> str:
        """A hash of who is compared, by which rows: ranks mean something within their pool only."""
        tasks = self.scopes[scope]
        rows = [
            f"{name} {row.manifest}"
            for name, there in self.rows.items()
            if set(tasks) <= set(self.board.entries[name].accepts)
            for row in there
            if row.record.trial.task in tasks
        ]
        return hashlib.sha256("\n".join(sorted(rows)).encode()).hexdigest()[:8]

    @cached_property
    def cells(self) -> pd.DataFrame:
        """Every entry on every task of the board: its mean score, and how it comes that there is none."""
        means = self.table.groupby(["architecture", "task"])["test"].mean()
        runs = self.table.groupby(["architecture", "task"]).size()
        return pd.DataFrame(
            [
                (name, task, means.get((name, task), np.nan), int(runs.get((name, task), 0)), self._cell(name, task))
                for name in self.board.entries
                for task in self.board.facts.tasks
            ],
            columns=["entry", "task", "mean", "n_runs", "cell"],
        )

    def _cell(self, name: str, task: str) -> str:
        if name in self.quarantined:
            return "quarantined"
        if task not in self.board.entries[name].accepts:
            return "not accepted"
        there = self.table[(self.table["architecture"] == name) & (self.table["task"] == task)]
        finished = there["score"].notna().sum()
        return "missing" if there.empty else "failed" if not finished else "scored"

    def _beyond_the_score(self, name: str, tasks: Sequence[str]) -> dict[str, object]:
        """What is said of an entry beside its score: its state, its variants, and what its tuning took."""
        rows = [row for row in self.rows[name] if row.record.trial.task in tasks]
        reached, again = state.of_rows(rows, self.board.verdicts)
        tuning = [row for row in self._tuning[name] if row.record.trial.task in tasks]
        return {
            "state": reached,
            "n_again": again,
            "n_rows": len(rows),
            "variants": self.variants[name],
            "n_tuning": len(tuning),
            "tuning_seconds": sum(row.record.cost.seconds for row in tuning),
            "mean_failed_as_chance": np.mean([self._floored[name, task] for task in tasks]),
        }

    @cached_property
    def _tuning(self) -> dict[str, list[Row]]:
        """The tries of every entry's search, each once."""
        return {
            name: [row for there in by_task(rows).values() for row in there if row.role == "tuning"]
            for name, rows in self.published.items()
        }

    @cached_property
    def _floored(self) -> dict[tuple[str, str], float]:
        """The mean normalised score by entry and task, with 0 for a run that failed."""
        scores = self.table["score"].fillna(0.0)
        means = scores.groupby([self.table["architecture"], self.table["task"]]).mean().reset_index()
        return {(name, task): mean for name, task, mean in means.itertuples(index=False, name=None)}


def _name(tasks: tuple[str, ...], every: tuple[str, ...]) -> str:
    """The data types of some tasks, or their names, where others of the type are not among them."""
    types = dict.fromkeys(task.partition("/")[0] for task in tasks)
    whole = {task for task in every if task.partition("/")[0] in types} == set(tasks)
    return "+".join(types if whole else tasks)
