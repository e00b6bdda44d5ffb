"""The comparison: everything that is said of who is better, architectures or the levels of a factor, computed once."""

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from suite.analysis import duels, summary
from suite.analysis.field import Field
from suite.analysis.ranks import Friedman, friedman, rank_table


@dataclass(frozen=True)
class Comparison:
    """Tables about one field. `rope` is the difference in normalised score that does not matter."""

    field: Field
    rope: float = 0.0
    confidence: float = 0.95

    @cached_property
    def aggregates(self) -> pd.DataFrame:
        """competitor; iqm, mean, median, optimality_gap, each also _low, _high; n_tasks, n_seeds, n_runs, n_failed."""
        return summary.aggregates(self.field, confidence=self.confidence)

    @cached_property
    def profiles(self) -> pd.DataFrame:
        """competitor, threshold, share, low, high."""
        return summary.profiles(self.field, confidence=self.confidence)

    @cached_property
    def ranks(self) -> pd.DataFrame:
        """competitor, average_rank, rank_low, rank_high, cliques (letters), n_tasks, n_failed."""
        return rank_table(self.field, confidence=self.confidence)

    @cached_property
    def friedman(self) -> Friedman | None:
        """Whether the complete competitors differ at all; None with fewer than three, or on one task."""
        whole = self.field.complete
        if len(whole.names) < 3 or len(whole.tasks) < 2:
            return None
        return friedman(whole.mean_AT.T)

    @cached_property
    def pairwise(self) -> pd.DataFrame:
        """A row for every two: difference, improvement, wins, p_holm, better, rope, worse; see `duels.PAIRWISE`."""
        return duels.pairwise(self.field, rope=self.rope, confidence=self.confidence)

    @cached_property
    def bradley_terry(self) -> pd.DataFrame:
        """competitor, elo, low, high, separated, n_tasks, n_pairs."""
        return duels.strengths(self.field, confidence=self.confidence)
