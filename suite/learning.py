"""Learning curves of arms: which arms a study has, which are worth seeing first, and their means over seeds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from suite.analysis.curves import means
from suite.answer import ALL, Answer

MOST_ARMS = 6
LEADERS = 3
MEASURES = ("valid", "loss")


@dataclass(frozen=True)
class Curves:
    """The runs of some arms on some tasks, step by step, and their means.

    `runs` has a row per run and step, `means` one per task, arm and step, with its interval and how many runs it
    counts.
    """

    runs: pd.DataFrame
    means: pd.DataFrame


def arms(study: Answer) -> pd.DataFrame:
    """A row per arm that has records, in the study's order: its name, its architecture and its levels."""
    factors = list(study.plan.factors)
    found = study.table[["architecture", *factors]].drop_duplicates(ignore_index=True)
    orders = {"architecture": study.plan.architectures, **study.plan.factors}
    places = pd.DataFrame({name: found[name].map(list(orders[name]).index) for name in orders})
    found = found.iloc[places.sort_values(list(orders)).index].reset_index(drop=True)
    varied = [name for name, levels in study.plan.factors.items() if len(levels) > 1]
    several = found["architecture"].nunique() > 1 or not varied
    return found.assign(arm=[_name(row, varied, several) for _, row in found.iterrows()])


def _name(row: pd.Series, varied: Sequence[str], several: bool) -> str:
    """transformer: norm batch, depth 8; of one architecture only its setting."""
    setting = ", ".join(f"{name} {row[name]}" for name in varied)
    return ": ".join(part for part in (str(row["architecture"]) if several else "", setting) if part)


def preselected(study: Answer, known: pd.DataFrame, task: str) -> list[str]:
    """The best of that task, each at the setting that validation chose, and the reference of the first of them.

    Where there is room for all arms, all of them.
    """
    if len(known) <= MOST_ARMS:
        return list(known["arm"])
    factors = list(study.plan.factors)
    board = study.leaderboard
    best = board[(board["task"] == task) & board["mean"].notna()].head(LEADERS)
    chosen = [_at(known, row["architecture"], {name: row[name] for name in factors}) for _, row in best.iterrows()]
    first = best["architecture"].iloc[0] if len(best) else study.plan.architectures[0]
    reference = _at(known, first, {name: levels[0] for name, levels in study.plan.factors.items()})
    return list(dict.fromkeys(name for name in (*chosen, reference) if name))


def _at(known: pd.DataFrame, architecture: object, levels: Mapping[str, object]) -> str | None:
    rows = known[known["architecture"] == architecture]
    for name, level in levels.items():
        rows = rows[rows[name] == level]
    return str(rows["arm"].iloc[0]) if len(rows) else None


def curves(study: Answer, known: pd.DataFrame, names: Sequence[str], tasks: Sequence[str], value: str) -> Curves:
    """The curves of these arms on these tasks; no other is looked at."""
    wanted = known[known["arm"].isin(list(names))]
    on = ["architecture", *study.plan.factors]
    rows = study.table[study.table["task"].isin(list(tasks))].merge(wanted, on=on)
    drawn = set(rows["id"])
    held = {record.id: record for record in study.records if record.id in drawn}
    runs = pd.DataFrame(
        [
            (id, task, arm, seed, point.step, getattr(point, value))
            for id, task, arm, seed in rows[["id", "task", "arm", "seed"]].itertuples(index=False)
            for point in held[id].result.curve
        ],
        columns=["id", "task", "arm", "seed", "step", "value"],
    )
    metrics = dict(zip(study.table["task"], study.table["metric"], strict=True))
    return Curves(runs, means(runs, metrics if value == MEASURES[0] else None))


def ends(curves: Curves) -> pd.DataFrame:
    """Where every arm stood at its last step on every task, and how many of its runs came that far."""
    last = curves.means.groupby(["task", "arm"])["step"].transform("max")
    found = curves.means[curves.means["step"] == last]
    counts = curves.runs.groupby(["task", "arm"])["seed"].nunique().rename("n_runs").reset_index()
    return found.merge(counts, on=["task", "arm"])


def board_task(study: Answer, task: str) -> str:
    """The task whose board preselects: the one asked for, or the first of those that most architectures have."""
    board = study.leaderboard
    scored = board[board["mean"].notna() & (board["task"] != ALL)]["task"]
    return max(study.plan.tasks, key=lambda name: int((scored == name).sum())) if task == ALL else task
