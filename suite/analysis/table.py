"""The table: one row per record, and the checks that it can be analysed."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from suite.record import Record
from suite.trial import GROUP_OF, Level, Trial

Factors = Mapping[str, Sequence[Level]]

_DTYPE = {str: "str", bool: "bool", int: "int64", float: "float64"}
SETTINGS = {name: _DTYPE[type(level)] for name, level in Trial(task="", architecture="").levels.items()}
COLUMNS = {
    "id": "str",
    "task": "str",
    "architecture": "str",
    **SETTINGS,
    "seed": "int64",
    "outcome": "str",
    "message": "str",
    "valid": "float64",
    "test": "float64",
    "metric": "str",
    "chance": "float64",
    "score": "float64",
    "parameters": "int64",
    "flops": "int64",
    "seconds": "float64",
}
ONE = "-"  # instead of a task, or of what competes, where a table has only one
NAMED = 20  # violations spelled out in a message; the rest is counted


def table(records: Iterable[Record]) -> pd.DataFrame:
    """One row per record, in an order that depends on the records only, not on theirs.

    `score` is the test score with 0 at the best constant answer and 1 at perfection; it is missing
    unless the trial finished. `message` is "" where there is none.
    """
    frame = pd.DataFrame([_row(record) for record in records], columns=list(COLUMNS)).astype(COLUMNS)
    finished = frame["outcome"] == "finished"
    frame["score"] = ((frame["test"] - frame["chance"]) / (1 - frame["chance"])).where(finished)
    return frame.sort_values(["task", "architecture", *GROUP_OF, "seed", "id"], ignore_index=True)


def spread(
    table: pd.DataFrame, arms: Iterable[Mapping[str, Level]], inert: Mapping[str, Sequence[str]]
) -> pd.DataFrame:
    """The same rows, each under every arm of the study that asked for it.

    `inert` names, for an architecture, the settings that change nothing in it. Arms that differ in them alone are one
    trial, whose record stands in a row for each. Averages over such a factor then weigh architectures alike; its own
    effect there would compare a record with itself, and contrasts leave that out.
    """
    if not inert:
        return table
    points = pd.DataFrame([dict(arm) for arm in arms])
    parts = [table[~table["architecture"].isin(list(inert))]]
    for name, ignored in inert.items():
        shared = [factor for factor in points.columns if factor not in ignored]
        rows = table[table["architecture"] == name].drop(columns=[*set(points.columns) - set(shared)])
        parts.append(rows.merge(points, how="inner" if shared else "cross", on=shared or None))
    found = pd.concat([part[table.columns].astype(COLUMNS) for part in parts])
    return found.sort_values(["task", "architecture", *GROUP_OF, "seed", "id"], ignore_index=True)


def _row(record: Record) -> dict[str, Any]:
    trial, result, cost = record.trial, record.result, record.cost
    return {
        "id": record.id,
        "task": trial.task,
        "architecture": trial.architecture,
        **trial.levels,
        "seed": trial.seed,
        "outcome": result.outcome,
        "message": result.message or "",
        "valid": result.valid,
        "test": result.test,
        "metric": record.metric,
        "chance": record.chance,
        "score": None,
        "parameters": cost.parameters,
        "flops": cost.flops,
        "seconds": cost.seconds,
    }


def at_levels(table: pd.DataFrame, factors: Factors) -> pd.DataFrame:
    """The rows whose every factor stands at one of the given levels."""
    known("factor", factors, [name for name in table.columns if name in SETTINGS or name not in COLUMNS])
    inside = np.ones(len(table), dtype=bool)
    for name, levels in factors.items():
        inside &= table[name].isin(list(levels)).to_numpy()
    return table[inside]


def check(table: pd.DataFrame, factors: Factors) -> None:
    """Raise ValueError naming every reason why the table cannot be analysed."""
    rows = at_levels(table, factors)
    violations = [*_duplicates(rows, list(factors)), *_not_finite(rows), *_mixed(rows)]
    if violations:
        more = f"; and {len(violations) - NAMED} more" if len(violations) > NAMED else ""
        raise ValueError(f"the table cannot be analysed: {'; '.join(violations[:NAMED])}{more}")


def _duplicates(rows: pd.DataFrame, factors: list[str]) -> list[str]:
    key = ["task", "architecture", *factors, "seed"]
    twice = rows[rows.duplicated(key, keep=False)]
    return [
        f"{_name(key, values)} is there {len(group)} times ({', '.join(group['id'])})"
        for values, group in twice.groupby(key, sort=True)
    ]


def _not_finite(rows: pd.DataFrame) -> list[str]:
    finished = rows[rows["outcome"] == "finished"]
    wrong = finished[~np.isfinite(finished[["valid", "test", "score"]]).all(axis=1)]
    return [
        f"{id} finished with valid {valid}, test {test}, chance {chance}"
        for id, valid, test, chance in wrong[["id", "valid", "test", "chance"]].itertuples(index=False)
    ]


def _mixed(rows: pd.DataFrame) -> list[str]:
    measures = rows[["task", "metric", "chance"]].drop_duplicates().groupby("task", sort=True).size()
    return [f"{task} has {count} different pairs of metric and chance" for task, count in measures.items() if count > 1]


def _name(key: list[str], values: Any) -> str:
    return " ".join(f"{name}={value}" for name, value in zip(key, values, strict=True))


def known(kind: str, names: Iterable[object], choices: Iterable[object]) -> None:
    """Raise ValueError with the valid choices for the first name that is none of them."""
    valid = list(choices)
    for name in names:
        if name not in valid:
            raise ValueError(f"no {kind} {name!r}; one of {', '.join(map(str, valid))}")
