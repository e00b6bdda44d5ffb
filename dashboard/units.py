"""Units: the effects of single tasks in the task's own metric, or all in the normalised score."""

import pandas as pd
import streamlit as st

from suite.analysis.contrast import NORMALISED
from suite.answer import ALL

OWN, SAME = "Own metric", "Normalised"
NUMBERS = ("effect", "low", "high")


def chosen() -> str:
    """The unit that the viewer asks for: each task's own, unless told."""
    picked = st.segmented_control("Unit", [OWN, SAME], default=OWN, required=True, key="unit", bind="query-params")
    return picked or OWN


def shown_in(unit: str, rows: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """The same effects in that unit; `table` has the chance level of each task."""
    if unit == OWN or rows.empty:
        return rows
    span = 1 - table.groupby("task")["chance"].first()
    factor = rows["task"].map(span).where(rows["task"] != ALL, 1.0)
    return rows.assign(unit=NORMALISED, **{name: rows[name] / factor for name in NUMBERS})
