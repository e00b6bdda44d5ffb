"""A comparison on a terminal: its tables as people read them, the headline, and what to know before believing it."""

from collections.abc import Callable

import pandas as pd

from suite.analysis import text
from suite.analysis.comparison import Comparison

FEW = 10  # seeds; with fewer, bootstrap intervals are too narrow
TITLES = {
    "aggregates": "Aggregates of normalised scores",
    "ranks": "Average ranks over tasks; who shares a letter is not separated",
    "pairwise": "Pairs: how often the first is better with the same seed, and how probably on another task",
    "bradley_terry": "Strengths by Bradley and Terry, around 0",
}


def aggregates(rows: pd.DataFrame) -> pd.DataFrame:
    shown = {"competitor": rows.competitor}
    for name in ("iqm", "mean", "median", "optimality_gap"):
        numbers = zip(rows[name], rows[f"{name}_low"], rows[f"{name}_high"], strict=True)
        shown[name] = pd.Series([text.score(*values) for values in numbers], index=rows.index, dtype="str")
    return pd.DataFrame({**shown, "n_tasks": rows.n_tasks, "n_seeds": rows.n_seeds, "n_failed": rows.n_failed})


def ranks(rows: pd.DataFrame) -> pd.DataFrame:
    places = zip(rows.rank_low, rows.rank_high, strict=True)
    return pd.DataFrame(
        {
            "competitor": rows.competitor,
            "average rank": rows.average_rank.map(text.number),
            "place": [_places(low, high) for low, high in places],
            "cliques": rows.cliques,
            "n_tasks": rows.n_tasks,
            "n_failed": rows.n_failed,
        }
    )


def pairwise(rows: pd.DataFrame) -> pd.DataFrame:
    apart = zip(rows.difference, rows.low, rows.high, strict=True)
    chance = zip(rows.improvement, rows.improvement_low, rows.improvement_high, strict=True)
    bayes = zip(rows.better, rows.rope, rows.worse, strict=True)
    tasks = zip(rows.wins, rows.ties, rows.losses, strict=True)
    return pd.DataFrame(
        {
            "competitor": rows.competitor,
            "against": rows.other,
            "difference": [text.effect(*values) for values in apart],
            "better run": [text.score(*values) for values in chance],
            "tasks won/tied/lost": ["/".join(map(str, values)) for values in tasks],
            "p_holm": rows.p_holm.map(text.p_value),
            "P better/same/worse": [_chances(values) for values in bayes],
            "n_tasks": rows.n_tasks,
            "n_pairs": rows.n_pairs,
            "n_failed": rows.n_failed,
        }
    )


def bradley_terry(rows: pd.DataFrame) -> pd.DataFrame:
    points = zip(rows.elo, rows.low, rows.high, strict=True)
    return pd.DataFrame(
        {
            "competitor": rows.competitor,
            "elo": [_points(*values) for values in points],
            "n_tasks": rows.n_tasks,
            "n_pairs": rows.n_pairs,
        }
    )


SHOWN: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "aggregates": aggregates,
    "ranks": ranks,
    "pairwise": pairwise,
    "bradley_terry": bradley_terry,
}


def headline(told: Comparison) -> str:
    """Who has the highest interquartile mean, with its interval and n; and whether they differ at all."""
    rows = told.aggregates.dropna(subset=["iqm"])
    if rows.empty:
        return f"no {told.field.by} has a finished run on every task, so none is put before another"
    top = rows.iloc[0]
    numbers = text.score(top["iqm"], top["iqm_low"], top["iqm_high"])
    size = f"{text.count(top['n_seeds'], 'seed')} x {text.count(top['n_tasks'], 'task')}"
    head = f"The highest interquartile mean by {told.field.by} is that of {top['competitor']}, {numbers} ({size})"
    return f"{head}{_omnibus(told)}."


def notes(told: Comparison, part: str | None = None) -> list[str]:
    """What to know before believing the tables, or one of them."""
    found = []
    if (told.aggregates["n_seeds"] < FEW).any():
        found.append(f"Bootstrap intervals from fewer than {FEW} seeds cover less than they say.")
    if len(told.field.tasks) == 1:
        found.append(
            "One task says nothing of new tasks: no p, no probabilities, no intervals of places and strengths."
        )
    strengths = part in (None, "bradley_terry")
    if strengths and len(told.bradley_terry) and told.bradley_terry["separated"].any():
        found.append("Somebody always wins or never, so strengths are finite only by a prior of half a win and a loss.")
    if told.aggregates["n_failed"].any():
        found.append("A run that failed loses to all that finished; means are of those that finished.")
    return found


def _omnibus(told: Comparison) -> str:
    if told.friedman is None:
        return ""
    return f"; Friedman's test that none differs: p {text.p_value(told.friedman.p)}"


def _places(low: float, high: float) -> str:
    return text.ranks(round(low), round(high)) if low == low and high == high else "unknown"


def _chances(values: tuple[float, float, float]) -> str:
    return "unknown" if values[0] != values[0] else "/".join(f"{value:.2f}" for value in values)


def _points(elo: float, low: float, high: float) -> str:
    if elo != elo:
        return "unknown"
    points = text.whole(elo)
    return points if low != low else f"{points} [{text.whole(low)}, {text.whole(high)}]"
