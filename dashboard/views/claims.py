"""Claims: what was said before, in every study, and what the records say of it now."""

import re
from typing import Literal

import pandas as pd
import streamlit as st

from dashboard import age, beliefs, findings, frame, store, theme, verdicts, words
from dashboard.store import readable
from suite.analysis import text

EVERY_STUDY, EVERY_CHAPTER = "All studies", "All chapters"
COMMANDS = 3
MOST = 60  # rows of a forest that can still be read
CHAPTER = re.compile(r"section (\d+)")
WIDTHS = {"Claim": 90, "Verdict": 100, "Says": 330, "Source": 240, "Run again": 300}  # pixels
HOW = (
    "Effects are paired by task, seed and all else, with 95% intervals over seeds, each in the unit of its own score. "
    "A shaded band is the margin inside which a difference does not matter. A verdict for or against needs Holm's "
    "correction over the claims of its study."
)


def show() -> None:
    if not store.studies():
        frame.nothing()
    with readable():
        found = verdicts.every()
    held = f"{text.count(found.records, 'record')} of {text.count(found.studies, 'study', 'studies')}"
    age.show(held, found.newest, running=_running())
    for name, why in found.unreadable.items():
        frame.notice(f"{name} cannot be read, so its claims are missing: {why}")
    rows = _filtered(found.rows)
    frame.finding(findings.verdicts(rows, len(found.rows)))
    if rows.empty:
        frame.empty("No such claim", "No claim has this verdict, study and chapter.", "wonderland list studies")
        return
    if rows["effect"].notna().any():
        drawn, one = st.columns([11, 9], gap="large")
        with drawn:
            _forest(rows)
        with one:
            _one(rows)
    else:
        _one(rows)
    _table(rows)
    judged = list(rows.loc[rows["verdict"] != verdicts.NOT_RUN, "study"].unique()) or list(rows["study"].unique())
    for name in judged[:COMMANDS]:
        frame.terminal("wonderland", "verdicts", name)
    if len(judged) > COMMANDS:
        st.caption(f"The first {COMMANDS} of {len(judged)} studies; each has its own.")


def _running() -> bool:
    states = (store.status(name) for name in store.studies())
    return any(status is not None and status.state == "running" for status in states)


def _filtered(rows: pd.DataFrame) -> pd.DataFrame:
    """The claims asked for, those that were judged first."""
    chapters = rows["source"].str.extract(CHAPTER)[0]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        known = sorted(set(chapters.dropna()), key=int)
        study = st.selectbox(
            "Study", [EVERY_STUDY, *rows["study"].unique()], key="from", bind="query-params", width=frame.PICKER
        )
        chapter = st.selectbox(
            "Chapter of the book", [EVERY_CHAPTER, *known], key="chapter", bind="query-params", width=frame.PICKER
        )
    chosen = st.segmented_control(  # not beside the others, where it would not wrap on a telephone
        "Verdict", verdicts.VERDICTS, selection_mode="multi", key="verdict", bind="query-params"
    )
    kept = rows["verdict"].isin(chosen or verdicts.VERDICTS)
    kept &= (rows["study"] == study) | (study == EVERY_STUDY)
    kept &= (chapters == chapter) | (chapter == EVERY_CHAPTER)
    order = rows["verdict"].map({name: place for place, name in enumerate(verdicts.VERDICTS)})
    return rows[kept].assign(order=order).sort_values(["order", "claim", "study"]).drop(columns="order")


def _forest(rows: pd.DataFrame) -> None:
    st.subheader("Which claims hold?", anchor=False)
    judged = rows[rows["effect"].notna()]
    frame.draw(beliefs.claims(judged.head(MOST), theme.current()), "claims")
    if len(judged) > MOST:
        st.caption(f"The first {MOST} of {len(judged):,}; the table has all, a filter the others.")
    st.caption(HOW)


def _one(rows: pd.DataFrame) -> None:
    """One claim in full."""
    st.subheader("What does one say?", anchor=False)
    names = [f"{claim} ({study})" for claim, study in zip(rows["claim"], rows["study"], strict=True)]
    picked = st.selectbox("Claim", names, key="claim", bind="query-params")
    row = rows.iloc[names.index(picked)]
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            _badge(row["verdict"])
            st.text(row["source"], width="stretch")
        st.text(row["says"], width="stretch")
        st.text(f"{row['sentence']}.", width="stretch")
        expected = f"{row['expects']}, margin {row['margin']:g}" if row["margin"] else row["expects"]
        again = "again " if row["verdict"] != verdicts.NOT_RUN else ""
        st.caption(f"Expected before it was run: {expected}. Run it {again}with:")
        st.code(words.command("wonderland", "sweep", row["again"]), language=None, width="content", wrap_lines=True)
        if row["verdict"] != verdicts.NOT_RUN:
            st.page_link("views/effects.py", label="Effects of its study", query_params={"study": row["study"]})


def _badge(verdict: str) -> None:
    """A verdict in word, icon and colour; only a claim that was refuted is a bad one."""
    icons: dict[str, tuple[str, Literal["green", "red", "blue", "orange", "gray"]]] = {
        "supported": (":material/check_circle:", "green"),
        "refuted": (":material/cancel:", "red"),
        "equivalent": (":material/equal:", "blue"),
        "inconclusive": (":material/help:", "orange"),
        verdicts.NOT_RUN: (":material/schedule:", "gray"),
    }
    icon, colour = icons[verdict]
    st.badge(verdict.capitalize(), icon=icon, color=colour)


def _table(rows: pd.DataFrame) -> None:
    st.subheader("All of them", anchor=False)
    run = rows["verdict"] != verdicts.NOT_RUN
    numbers = pd.DataFrame(
        {
            "Effect": words.effects(rows),
            "Unit": rows["unit"],
            "p": rows["p_holm"].map(text.p_value),
            "Seeds": rows["n_seeds"].map(str),
            "Pairs": words.of_all(rows),
        }
    ).where(run, "-")
    told = [rows[["claim", "verdict", "says"]], *([numbers] if run.any() else []), rows[["source"]]]
    shown = pd.concat(told, axis=1)
    again = [words.command("wonderland", "sweep", given) for given in rows["again"]]
    shown = shown.rename(columns=str.capitalize).rename(columns={"P": "p"}).assign(**{"Run again": again})
    wide = {name: st.column_config.TextColumn(width=width) for name, width in WIDTHS.items()}
    frame.tabulate(
        shown, rows, "claims", findings.verdicts(rows, len(rows)), wide | frame.right("Effect", "p", "Seeds", "Pairs")
    )


show()
