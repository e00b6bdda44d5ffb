"""The published board on a page: who is where, who is in quarantine and why, and what stands beside."""

import pandas as pd
import streamlit as st

from dashboard import age, charts, findings, frame, theme, words
from suite.analysis import text
from suite.analysis.needed import said
from suite.board import beside, report
from suite.board.look import look
from suite.board.protocol import path
from suite.board.published import BoardError
from suite.board.standing import Standing

NUMBERS = ("Rank", "Score", "Seeds to next", "Trained again", "Parameters", "FLOPs", "Time")
HOW = (
    "Everything is computed from the rows that were published: test score, mean over seeds with its 95% interval. "
    "Ranks that the rows cannot tell apart are a range, and a bar with their letter joins them. Whose rows break a "
    "rule is in quarantine and has no rank."
)


def show() -> None:
    """The board as it is published."""
    try:
        standing = _look()
    except (BoardError, OSError, ValueError) as problem:
        why = f"{str(problem)[:1].upper()}{str(problem)[1:]}."
        frame.empty("No board is published yet", why, "wonderland submit --all --publish")
        return
    st.text(report.heading(standing), width="stretch")
    age.show(text.count(len(standing.board.rows), "row"), _written(), running=False)
    scope = st.selectbox("Tasks", list(standing.scopes), key="scope", bind="query-params", width=frame.PICKER)
    rows = standing.ranking(scope)
    board = rows.rename(columns={"entry": "architecture"})
    frame.finding(findings.standing(board))
    _ranking(board, scope)
    _quarantine(standing)
    tasks = standing.scopes[scope]
    _beside(beside.references(standing), beside.classical(standing), tasks)
    frame.terminal("wonderland", "board", scope)


def _look() -> Standing:
    return _read(str(path()), _written())


def _written() -> float | None:
    """When the board was last added to, in seconds since 1970."""
    return path().stat().st_mtime if path().is_file() else None


@st.cache_resource(max_entries=2, show_spinner="Checking every row of the board")
def _read(file: str, written: float | None) -> Standing:
    """The board, read and checked again only when its file has changed."""
    return look()


def _ranking(board: pd.DataFrame, scope: str) -> None:
    st.subheader("Who is best, and how sure is that?", anchor=False)
    if board["rank_low"].notna().any():
        frame.draw(charts.ranks(board, theme.current()), "published")
        st.caption(HOW)
    shown = pd.DataFrame(
        {
            "Rank": words.ranks(board),
            "Entry": board["architecture"],
            "Score": words.scores(board),
            "Ties": board["tie_group"],
            "Seeds to next": board["seeds_needed"].map(said),
            "State": board["state"],
            "Trained again": [f"{n} of {of}" for n, of in zip(board["n_again"], board["n_rows"], strict=True)],
            "Seeds": board["n_seeds"],
            "Variants": board["variants"],
            "Parameters": board["parameters"].map(words.amount),
            "FLOPs": board["flops"].map(words.amount),
            "Time": board["seconds"].map(words.seconds),
        }
    )
    name = f"published-{scope.replace('/', '-')}"
    frame.tabulate(shown, board, name, findings.standing(board), frame.right(*NUMBERS))


def _quarantine(standing: Standing) -> None:
    if not standing.findings:
        return
    st.subheader("Who is not ranked, and why?", anchor=False)
    rows = report.quarantine(standing)
    told = f"{text.count(len(rows), 'finding')} against {text.count(rows['entry'].nunique(), 'entry', 'entries')}."
    frame.tabulate(rows.rename(columns=str.capitalize), rows, "quarantine", told)


def _beside(known: pd.DataFrame, fitted: pd.DataFrame, tasks: tuple[str, ...]) -> None:
    known, fitted = (rows[rows["task"].isin(tasks)] for rows in (known, fitted))
    if len(known):
        st.subheader("How do published scores compare?", anchor=False)
        references(known, "published-references")
    if len(fitted):
        st.subheader("How good are classical models?", anchor=False)
        classical(fitted, "published-classical")


def references(rows: pd.DataFrame, name: str) -> None:
    """Published scores beside ours, as a table."""
    shown = pd.DataFrame(
        {
            "Task": rows["task"],
            "Architecture": rows["architecture"],
            "Ours": words.scores(rows),
            "Published": rows["published"].map(text.number),
            "Ours is": rows["compared"],
            "Model": rows["model"],
            "Source": rows["source"],
        }
    )
    agree = int((rows["compared"] == "agrees").sum())
    told = f"{agree} of {text.count(len(rows), 'published score')} agree with ours."
    frame.tabulate(shown, rows, name, told, frame.right("Ours", "Published"))


def classical(rows: pd.DataFrame, name: str) -> None:
    """Classical models on the same splits, the best of each task first, as a table."""
    ordered = rows.sort_values(["task", "mean"], ascending=[True, False])
    shown = pd.DataFrame(
        {
            "Task": ordered["task"],
            "Model": ordered["baseline"],
            "Score": words.scores(ordered),
            "Unit": ordered["unit"],
            "Seeds": ordered["n_seeds"],
        }
    )
    best = ordered.iloc[0]
    score = text.score(best["mean"], best["low"], best["high"])
    counted = f"{text.count(len(rows), 'score')} of classical models"
    told = f"{counted}; on {best['task']} the best is {best['baseline']}, {score}."
    frame.tabulate(shown, ordered, name, told, frame.right("Score"))
