"""What stands beside our scores: published ones, and classical baselines on the same splits."""

import pandas as pd

from suite import catalog
from suite.analysis.bounds import score_interval
from suite.analysis.references import beside
from suite.board.standing import Standing

COLUMNS = {
    "task": "str",
    "baseline": "str",
    "mean": "float64",
    "low": "float64",
    "high": "float64",
    "unit": "str",
    "n_seeds": "int64",
}


def references(standing: Standing) -> pd.DataFrame:
    """A row for each published score of an architecture that is on the board on that task."""
    tasks = [name for name in standing.board.facts.tasks if name in catalog.task_names()]
    entries = standing.board.entries
    found = pd.concat([standing.ranking(task).rename(columns={"scope": "task"}) for task in tasks] or [pd.DataFrame()])
    named = found.assign(architecture=[entries[name].architecture for name in found["entry"]])
    return beside(named, {name: catalog.task(name).references for name in tasks})


def classical(standing: Standing) -> pd.DataFrame:
    """A row for each task and baseline: the mean test score with its interval."""
    tests = dict[tuple[str, str], dict[int, float]]()
    known = standing.board.facts.tasks
    for line in (line for line in standing.board.classical if line.task in known):
        tests.setdefault((line.task, line.baseline), {}).setdefault(line.seed, line.test)
    rows = []
    for (task, baseline), by_seed in tests.items():
        unit = known[task].metric
        found = score_interval(list(by_seed.values()), unit)
        rows.append((task, baseline, found.mean, found.low, found.high, unit, len(by_seed)))
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS)
