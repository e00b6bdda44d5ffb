"""Leaderboard: who is best on a task, and how sure that is."""

import pandas as pd
import streamlit as st

from dashboard import charts, frame, theme, words
from dashboard.store import readable
from suite.analysis import text
from suite.answer import ALL, Answer

EVERY = "All tasks"
NUMBERS = ("Rank", "Score", "Tasks", "Parameters", "FLOPs", "Time")
HOW = (
    "Test score, mean over seeds with its 95% interval. Each architecture runs with the setting that validation chose. "
    "Ranks that the data cannot tell apart are a range, and a bar with their letter joins them."
)


def show() -> None:
    study = frame.opened().answer
    with readable():
        boards = study.leaderboard
    tasks = [task for task in study.plan.tasks if (boards["task"] == task).any()]
    picked = st.selectbox("Task", [EVERY, *tasks], key="task", bind="query-params", width=frame.PICKER)
    task = ALL if picked == EVERY else picked
    board = boards[boards["task"] == task].reset_index(drop=True)
    frame.finding(words.standing(board))
    _ranking(study, board, task)
    if task == ALL and len(tasks) > 1:
        _by_task(study, boards[boards["task"] != ALL])
    frame.terminal("wonderland", "leaderboard", study.plan.name, *([] if task == ALL else ["--task", task]))


def _ranking(study: Answer, board: pd.DataFrame, task: str) -> None:
    name = f"{study.plan.name}-leaderboard"
    if board["rank_low"].notna().any():
        frame.draw(charts.ranks(board, theme.current()), "ranks")
        st.caption(HOW)
    shown = _ranked(board).drop(columns=[] if task == ALL else ["Tasks"])
    if task != ALL:
        shown.insert(2, "Setting", [_setting(row, list(study.plan.factors)) for _, row in board.iterrows()])
    frame.tabulate(shown, board, name, words.standing(board), frame.right(*NUMBERS))


def _ranked(board: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Rank": words.ranks(board),
            "Architecture": board["architecture"],
            "Score": words.scores(board),
            "Ties": board["tie_group"],
            "Seeds": board["n_seeds"],
            "Tasks": [f"{row['n_tasks']} ({row['coverage']:.0%})" for _, row in board.iterrows()],
            "Failed": board["n_failed"],
            "Missing": board["n_missing"],
            "Parameters": board["parameters"].map(words.amount),
            "FLOPs": board["flops"].map(words.amount),
            "Time": board["seconds"].map(words.seconds),
        }
    )


def _by_task(study: Answer, boards: pd.DataFrame) -> None:
    """Every score on every task; what is missing is said, not left out."""
    st.subheader("Score by task", anchor=False)
    cells = boards.assign(score=words.scores(boards))
    grid = cells.pivot(index="task", columns="architecture", values="score").reindex(list(study.plan.tasks))
    shown = (
        grid.reindex(columns=list(study.plan.architectures))
        .astype(object)
        .fillna("no runs")
        .rename_axis(index="Task", columns=None)
        .reset_index()
    )
    missing = int((boards["n_tasks"] == 0).sum())
    scores = text.count(len(boards) - missing, "score")
    said = f"{scores} of architectures on tasks, {missing} missing."
    frame.tabulate(shown, boards, f"{study.plan.name}-by-task", said, frame.right(*map(str, grid)))


def _setting(row: pd.Series, factors: list[str]) -> str:
    """The arm's levels: norm batch, residual add, depth 8; "-" where no arm finished."""
    levels = [f"{name} {row[name]}" for name in factors if pd.notna(row[name])]
    return ", ".join(levels) or "-"


show()
