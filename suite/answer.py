"""A study's answer as the store holds it now: its plan, its table, and from them the tables people ask for."""

from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import cast

import pandas as pd

from suite import catalog
from suite.analysis import claims as _claims
from suite.analysis import effects as _effects
from suite.analysis import failures as _failures
from suite.analysis import finding as _finding
from suite.analysis import interactions as _interactions
from suite.analysis import pareto as _pareto
from suite.analysis import ranking as _ranking
from suite.analysis import references as _references
from suite.analysis import search as _search
from suite.analysis.comparison import Comparison
from suite.analysis.estimates import THESE, Reach
from suite.analysis.field import ARCHITECTURE, field
from suite.analysis.layout import Layout
from suite.analysis.table import spread, table
from suite.design import FRACTIONS, DesignName, design
from suite.record import Record
from suite.store import Plan, Store, StoreError

ALL = "all"
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Answer:
    """Everything the analysis says about the records there are of a planned study."""

    plan: Plan
    records: tuple[Record, ...]

    @property
    def layout(self) -> Layout:
        """How the plan's arms and seeds were chosen."""
        controlled = self.plan.design == "random_controlled"
        return Layout(
            fraction=self.plan.design in FRACTIONS,
            controlled=next(iter(self.plan.factors), "") if controlled else "",
            looks=self.plan.looks,
        )

    @cached_property
    def table(self) -> pd.DataFrame:
        """The rows that answers are made of."""
        return _search.counted(self._every_row)

    @cached_property
    def search(self) -> pd.DataFrame:
        """What every arm chose for itself on validation; no rows where nothing was tuned."""
        return _search.chosen(self._every_row, self.plan.factors, self.plan.tune)

    @cached_property
    def tries(self) -> pd.DataFrame:
        """The rows of the search, a try under every arm that asked for it."""
        return _search.searched(self._every_row)

    @cached_property
    def searching(self) -> str:
        """What was searched and what it took; "" where nothing was tuned."""
        return _search.said(self._every_row, self.plan.tune)

    @cached_property
    def _every_row(self) -> pd.DataFrame:
        arms = design(cast(DesignName, self.plan.design), self.plan.factors, self.plan.forbidden)
        return spread(table(self.records), arms, self.plan.inert)

    @cached_property
    def finding(self) -> str:
        return _finding.finding(self.table, self.plan.factors, layout=self.layout, margin=self.plan.margin)

    @cached_property
    def standing(self) -> str:
        """Which architecture scores highest, and at what price."""
        return _finding.standing(self.table, self.plan.factors, layout=self.layout)

    @cached_property
    def effects(self) -> pd.DataFrame:
        return self.effects_for(THESE, CONFIDENCE)

    @cached_property
    def interactions(self) -> pd.DataFrame:
        return self.interactions_for(CONFIDENCE)

    @cached_property
    def leaderboard(self) -> pd.DataFrame:
        return self.leaderboard_for(CONFIDENCE)

    def simple_effects(self, factor: str, by: str) -> pd.DataFrame:
        """The effects of one factor at each level of another, computed once."""
        key = (factor, by)
        if key not in self._simple:
            self._simple[key] = _interactions.simple_effects(
                self.table, self.plan.factors, factor, by, layout=self.layout
            )
        return self._simple[key]

    @cached_property
    def _simple(self) -> dict[tuple[str, str], pd.DataFrame]:
        return {}

    def effects_for(self, reach: Reach, confidence: float) -> pd.DataFrame:
        """The effects for these tasks or for new ones, at another confidence than 95%."""
        given, margin = self.plan.factors, self.plan.margin
        return _effects.effects(
            self.table, given, layout=self.layout, confidence=confidence, reach=reach, margin=margin
        )

    def interactions_for(self, confidence: float) -> pd.DataFrame:
        return _interactions.interactions(self.table, self.plan.factors, layout=self.layout, confidence=confidence)

    def leaderboard_for(self, confidence: float) -> pd.DataFrame:
        return _ranking.leaderboard(self.table, self.plan.factors, layout=self.layout, confidence=confidence)

    @cached_property
    def references(self) -> pd.DataFrame:
        """Published scores beside ours, for the tasks that the catalogue still has."""
        known = set(self.plan.tasks) & set(catalog.task_names())
        return _references.beside(self.leaderboard, {name: catalog.task(name).references for name in known})

    @cached_property
    def failures(self) -> pd.DataFrame:
        return _failures.failures(self.table, self.plan.factors)

    @cached_property
    def verdicts(self) -> list[_claims.Judgement]:
        return _claims.judge(self.table, self.plan.factors, self.plan.claims, layout=self.layout)

    def compare(self, by: str, task: str | None = None, confidence: float = 0.95) -> Comparison:
        """Who is better, of the architectures or of the levels of a factor. ValueError where `by` is neither.

        The same comparison each time, so that each of its tables is computed once.
        """
        key = (by, task, confidence)
        if key not in self._compared:
            there = field(self.table, self.plan.factors, by, task=task)
            self._compared[key] = Comparison(there, rope=self.plan.margin, confidence=confidence)
        return self._compared[key]

    @cached_property
    def _compared(self) -> dict[tuple[str, str | None, float], Comparison]:
        return {}

    @cached_property
    def comparison(self) -> Comparison:
        """By architecture; where there is only one, by the first factor that can be compared."""
        if len(self.plan.architectures) == 1:
            for name in self.plan.factors:
                with suppress(ValueError):
                    return self.compare(name)
        return self.compare(ARCHITECTURE)

    @cached_property
    def pareto(self) -> pd.DataFrame:
        """Score against each cost: of architectures or, where there is only one, of its settings."""
        by = ARCHITECTURE if len(self.plan.architectures) > 1 else _pareto.ARM
        return _pareto.pareto(self.table, self.plan.factors, by=by)

    @property
    def counts(self) -> dict[str, int]:
        return {"there": len(self.records), "planned": len(self.plan.trials)}

    @property
    def coverage(self) -> str:
        """480 of 480 records."""
        return f"{len(self.records):,} of {len(self.plan.trials):,} records"


def answer(store: Store, study: str) -> Answer:
    return Answer(store.plan(study), store.records(study))


def last_study(store: Store) -> str:
    """The study that was last worked on. Raises StoreError if there is none."""
    studies = store.studies()
    if not studies:
        raise StoreError(f"no study in {store.root} yet; begin with: wonderland sweep first")
    return studies[0]
