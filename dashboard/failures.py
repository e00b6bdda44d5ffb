"""Failures by what they say, because one cause often hits many trials."""

import pandas as pd
import streamlit as st

from dashboard import frame, tables, words
from suite.analysis import text
from suite.answer import Answer
from suite.store import Status

LINK = {"Example": frame.RECORD_LINK}


def so_far(name: str, status: Status) -> None:
    """The failures that the sweep itself tells of, by what they say; reading the ledger so often would cost."""
    lost = pd.DataFrame([failure.model_dump() for failure in status.failures])
    groups = lost.groupby(["outcome", "message"], as_index=False).agg(n=("id", "size"), example=("id", "first"))
    groups = groups.sort_values("n", ascending=False)
    st.subheader("Failures so far", anchor=False)
    said = f"{text.count(len(lost), 'failed run')}, for {text.count(len(groups), 'reason')}."
    tables.plainly(_grouped(name, groups), said, LINK)
    failed = sum(count for outcome, count in status.outcomes.items() if outcome != "finished")
    if failed > len(lost):
        st.caption(f"The first {len(lost):,} of {failed:,}; all of them are here when the sweep has ended.")


def of(study: Answer) -> None:
    """All failures that the study's ledger holds."""
    lost = study.table[study.table["outcome"] != "finished"]
    if lost.empty:
        return
    st.subheader(f"Failures ({len(lost):,} of {text.count(len(study.table), 'run')})", anchor=False)
    groups = lost.groupby(["outcome", "message"], as_index=False).agg(
        n=("id", "size"), tasks=("task", _names), architectures=("architecture", _names), example=("id", "first")
    )
    groups = groups.sort_values("n", ascending=False)
    shown = _grouped(study.plan.name, groups)
    shown.insert(3, "Tasks", groups["tasks"])
    shown.insert(4, "Architectures", groups["architectures"])
    said = f"{text.count(len(lost), 'run')} did not finish, for {text.count(len(groups), 'reason')}."
    frame.tabulate(shown, study.failures, f"{study.plan.name}-failures", said, LINK)


def _grouped(name: str, groups: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Runs": groups["n"],
            "Outcome": groups["outcome"].map(word),
            "Message": groups["message"],
            "Example": [frame.record_link(name, id) for id in groups["example"]],
        }
    )


def _names(column: pd.Series) -> str:
    return words.headed(sorted(set(column)), most=3)


def word(outcome: str) -> str:
    """timed_out is "Timed out"."""
    return outcome.replace("_", " ").capitalize()
