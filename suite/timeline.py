"""What ran when: the spans of a sweep's trials as tables, slot by slot."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from suite.analysis import text
from suite.display import duration
from suite.spans import Span, read
from suite.store import Status, Store

MOST = 2000  # bars that can be told apart, and that a browser draws at once
COLUMNS = {"slot": "int64", "began": "float64", "ended": "float64", "id": "str", "task": "str", "architecture": "str"}
COLUMNS |= {"outcome": "str"}
UNKNOWN = "not in the ledger"


def of_sweep(store: Store, study: str, status: Status, records: pd.DataFrame) -> pd.DataFrame:
    """A row per trial that ended in the last sweep: its slot, and from when to when, in seconds since the sweep began.

    `records` are the study's, with id, task, architecture and outcome. Trials before spans were kept have none.
    """
    return spans(read(store.folder(study), since=status.started), status.started, records)


def spans(found: Iterable[Span], started: float, records: pd.DataFrame) -> pd.DataFrame:
    rows = pd.DataFrame(
        [(one.slot, one.began - started, one.ended - started, one.id) for one in found], columns=list(COLUMNS)[:4]
    )
    known = records.drop_duplicates("id")[["id", "task", "architecture", "outcome"]]
    rows = rows.astype(dict(list(COLUMNS.items())[:4])).merge(known, how="left", on="id")
    rows = rows.fillna({"task": UNKNOWN, "architecture": UNKNOWN, "outcome": UNKNOWN}).astype(COLUMNS)
    return rows.sort_values(["slot", "began", "ended"], ignore_index=True)


def slots(rows: pd.DataFrame) -> pd.DataFrame:
    """How busy each slot was from the first beginning to the last end: trials, seconds, their share, the longest."""
    took = rows["ended"] - rows["began"]
    groups = rows.assign(took=took).groupby("slot", as_index=False)
    found = groups.agg(trials=("id", "size"), busy=("took", "sum"), longest=("took", "max"))
    whole = rows["ended"].max() - rows["began"].min() if len(rows) else 0.0
    return found.assign(share=found["busy"] / whole if whole else np.nan)


def bars(rows: pd.DataFrame, most: int = MOST) -> pd.DataFrame:
    """What is drawn: a bar per trial; of more than `most`, stretches of equal length with the share that was busy.

    Columns slot, began, ended, `busy` from 0 to 1 and `trials`; and of single trials all the others.
    """
    if len(rows) <= most:
        return rows.assign(busy=1.0, trials=1)
    names = sorted(rows["slot"].unique())
    edges = np.linspace(rows["began"].min(), rows["ended"].max(), max(most // len(names), 1) + 1)
    parts = [_stretches(rows[rows["slot"] == name], edges).assign(slot=name) for name in names]
    return pd.concat(parts, ignore_index=True)


def _stretches(rows: pd.DataFrame, edges: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> pd.DataFrame:
    """How busy one slot was between every two edges; only those where it was."""
    points = np.concatenate([[edges[0]], rows[["began", "ended"]].to_numpy().ravel()])
    took = np.concatenate([[0.0], np.stack([np.zeros(len(rows)), rows["ended"] - rows["began"]], axis=1).ravel()])
    busy = np.diff(np.interp(edges, points, np.cumsum(took)))  # seconds; spans of one slot do not overlap
    ended = np.histogram(rows["ended"], edges)[0]
    found = pd.DataFrame({"began": edges[:-1], "ended": edges[1:], "busy": busy / np.diff(edges), "trials": ended})
    return found[found["busy"] > 0]


def sentence(rows: pd.DataFrame, status: Status) -> str:
    """2 slots were busy 93% of 1 min 35 s; 168 of 168 trials have times."""
    told = f"{len(rows):,} of {text.count(status.done, 'trial')} of this sweep have times"
    if rows.empty:
        return told
    each = slots(rows)
    whole = rows["ended"].max() - rows["began"].min()
    share = "" if each["share"].isna().any() else f"{each['share'].mean():.0%} of "
    many = text.count(len(each), "slot")
    return f"{many} {'was' if len(each) == 1 else 'were'} busy {share}{duration(whole)}; {told}"
