"""Anybody's table of results, as a table that the analysis takes: from other tools, of other things than networks."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from suite.analysis.table import COLUMNS, ONE, SETTINGS, Factors, known
from suite.trial import Level

READERS: dict[str, Callable[[Path], pd.DataFrame]] = {
    ".csv": lambda path: pd.read_csv(path),
    ".tsv": lambda path: pd.read_csv(path, sep="\t"),
    ".parquet": lambda path: pd.read_parquet(path),
}


def read(path: Path) -> pd.DataFrame:
    """The table in a CSV, TSV or Parquet file. Raises ValueError, in one sentence, for what is none."""
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise ValueError(f"{path} is no table: its name ends in none of {', '.join(READERS)}")
    try:
        return reader(path)
    except FileNotFoundError:
        raise ValueError(f"there is no file {path}") from None
    except Exception as error:  # whatever pandas and its engines raise for a file that is not what its name says
        raise ValueError(f"{path} cannot be read: {error}") from None


def foreign(
    rows: pd.DataFrame,
    *,
    unit: str,
    score: str,
    factors: Sequence[str],
    task: str | None = None,
    competitor: str | None = None,
    lower_is_better: bool = False,
) -> tuple[pd.DataFrame, Factors]:
    """Results as the analysis wants them, and the factors with their levels, the first to occur as the reference.

    `unit` names the column whose equal values make rows comparable: seed, fold, subject. `task` and `competitor` name
    those of data sets and of methods, if there are several. A score that is missing or not finite is a run that failed,
    and is counted. Raises ValueError that names the columns there are.
    """
    wanted = [unit, score, *factors, *(name for name in (task, competitor) if name)]
    known("column", wanted, rows.columns)
    if len(set(wanted)) < len(wanted):
        raise ValueError(f"each column has one role; got {', '.join(wanted)}")
    taken = [name for name in factors if name in COLUMNS and name not in SETTINGS]
    if taken:
        raise ValueError(f"a factor cannot be called {taken[0]!r} here; rename the column")
    values = pd.to_numeric(rows[score], errors="coerce").to_numpy(dtype=float)
    finished = np.isfinite(values)
    values = np.where(finished, -values if lower_is_better else values, np.nan)
    units = pd.factorize(rows[unit], sort=True)[0]
    frame = pd.DataFrame(
        {
            "id": [f"row {number}" for number in range(1, len(rows) + 1)],
            "task": _names(rows, task),
            "architecture": _names(rows, competitor),
            "seed": units,
            "outcome": np.where(finished, "finished", "failed"),
            "message": "",
            "valid": values,
            "test": values,
            "metric": f"negative {score}" if lower_is_better else score,
            "chance": 0.0,
            "score": values,
            "parameters": 0,
            "flops": 0,
            "seconds": 0.0,
            **{name: rows[name].map(_level) for name in factors},
        }
    )
    return frame, {name: tuple(dict.fromkeys(frame[name])) for name in factors}


def first(factors: Factors, references: Mapping[str, str]) -> Factors:
    """The factors with another reference level, as text, put first."""
    known("factor", references, factors)
    found = dict(factors)
    for name, reference in references.items():
        levels = list(factors[name])
        names = [str(level) for level in levels]
        known(f"level of {name}", [reference], names)
        chosen = levels.pop(names.index(reference))
        found[name] = (chosen, *levels)
    return found


def _names(rows: pd.DataFrame, column: str | None) -> Any:
    return ONE if column is None else rows[column].astype(str)


def _level(value: Any) -> Level:
    """A level as Python knows it; a missing one is a level too."""
    if pd.isna(value):
        return "missing"
    plain = value.item() if hasattr(value, "item") else value
    return plain if isinstance(plain, bool | int | float | str) else str(plain)
