"""Spending: score against what it costs, with intervals both ways, machine by machine where that matters."""

from collections import Counter

import pandas as pd

from suite.analysis.bounds import possible
from suite.analysis.contrast import NORMALISED
from suite.analysis.interval import intervals
from suite.answer import ALL, Answer
from suite.record import Record

BY_MACHINE = "seconds"  # the one cost that a machine decides


def machines(study: Answer) -> dict[str, int]:
    """How many records were made on which machine, the busiest first."""
    return dict(Counter(machine(record) for record in study.records).most_common())


def machine(record: Record) -> str:
    """laptop, cpu AVX512."""
    numerics = record.provenance.numerics
    parts = (numerics.get("device", ""), numerics.get("cpu", numerics.get("capability", "")))
    return ", ".join(part for part in (record.provenance.host or "unknown", " ".join(filter(None, parts))) if part)


def on(study: Answer, name: str) -> Answer:
    """The study as if only that machine had answered."""
    return Answer(study.plan, tuple(record for record in study.records if machine(record) == name))


def entries(study: Answer, task: str, cost: str) -> pd.DataFrame:
    """Who competes for that cost, the cheapest first, with `low` and `high` of the score, `least` and `most` paid.

    The score's interval is the 95% one over seeds; what was paid goes from the cheapest to the dearest seed.
    """
    front = study.pareto
    tasks = [name for name in study.plan.tasks if (study.table["task"] == name).any()]
    rows = front[(front["task"] == task) & (front["cost"] == cost)].reset_index(drop=True)
    runs = _runs(study, tasks if task == ALL else [task])
    paid = runs.groupby(["competitor", "seed"])[cost].mean().groupby("competitor").agg(least="min", most="max")
    return rows.merge(_scores(study, runs, task), on="competitor", how="left").merge(
        paid, left_on="competitor", right_index=True, how="left"
    )


def _runs(study: Answer, tasks: list[str]) -> pd.DataFrame:
    """The finished runs of the competitors on these tasks, with their names."""
    factors = list(study.plan.factors)
    there = study.table[(study.table["outcome"] == "finished") & study.table["task"].isin(tasks)]
    if len(study.plan.architectures) == 1:
        return there.assign(competitor=[_setting(row, factors) for _, row in there.iterrows()])
    board = study.leaderboard
    chosen = board[board["task"].isin(tasks) & board["mean"].notna()][["task", "architecture", *factors]]
    runs = there.astype(dict.fromkeys(factors, object)).merge(chosen, on=["task", "architecture", *factors])
    return runs.assign(competitor=runs["architecture"])


def _setting(row: pd.Series, factors: list[str]) -> str:
    return ", ".join(f"{name} {row[name]}" for name in factors) or str(row["architecture"])


def _scores(study: Answer, runs: pd.DataFrame, task: str) -> pd.DataFrame:
    """The intervals of the scores: the leaderboard's, or for settings of one architecture their own."""
    if len(study.plan.architectures) > 1:
        board = study.leaderboard
        mine = board[board["task"] == task][["architecture", "low", "high"]]
        return mine.rename(columns={"architecture": "competitor"})
    value = "score" if task == ALL else "test"
    metric = NORMALISED if task == ALL or runs.empty else str(runs["metric"].iloc[0])
    found = {}
    for name, own in runs.groupby("competitor"):
        one = intervals(own.pivot(index="task", columns="seed", values=value).to_numpy(dtype=float))
        low, high = possible(one.low, one.high, metric)
        found[name] = (float(low), float(high))
    return (
        pd.DataFrame.from_dict(found, orient="index", columns=["low", "high"]).rename_axis("competitor").reset_index()
    )
