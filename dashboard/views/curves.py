"""Curves: how the arms of a study learned, as means over seeds with their bands."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import colours, findings, frame, lines, scope, theme, thinning, words
from dashboard.store import readable
from suite import learning
from suite.analysis import text
from suite.answer import ALL, Answer
from suite.learning import Curves

MEASURES = {"Validation score": "valid", "Training loss": "loss"}
BESIDE = 2  # charts in a row; three of three, which would leave a hole
MOST_TASKS = 12
DEFAULT = f"the top {learning.LEADERS} and the reference"
HOW = (
    "Mean over seeds with its pointwise 95% interval, which ends where scores do; nothing is smoothed. Validation is "
    "scored on 256 examples at most, the loss is the mean since the point before. A run that stopped early counts as "
    "far as it came."
)


def show() -> None:
    study = frame.opened().answer
    with readable():
        known = learning.arms(study)
        tasks = [name for name in study.plan.tasks if (study.table["task"] == name).any()]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        task = scope.task(tasks)
        measure = st.segmented_control(
            "Measure", list(MEASURES), default="Validation score", required=True, key="measure", bind="query-params"
        )
        traces = st.toggle("Single runs", key="traces", bind="query-params")
        alike = len(tasks) > 1 and task == ALL and st.toggle("Same scale", value=True, key="same", bind="query-params")
    value = MEASURES[measure or "Validation score"]
    picked, names = _arms(study, known, task)
    drawn = tasks[:MOST_TASKS] if task == ALL else [task]
    with readable():
        found = learning.curves(study, known, names, drawn, value)
    if found.runs.empty:
        _none(study, names)
        return
    frame.finding(findings.ended(learning.ends(found), value, len(known)))
    shown, every = thinning.thinned(found, traces=traces)
    _charts(study, known, shown, drawn, value, alike=alike)
    _said(every, len(drawn), len(tasks) if task == ALL else 1)
    _table(study, found, names)
    asked = [*scope.options(task, ALL), *(["--measure", value] if value != learning.MEASURES[0] else [])]
    frame.terminal("wonderland", "curves", study.plan.name, *asked, *(f"--arm={name}" for name in picked))


def _arms(study: Answer, known: pd.DataFrame, task: str) -> tuple[list[str], list[str]]:
    """The arms chosen, and those to draw, in the study's order; nothing chosen means those worth seeing first."""
    picked = st.multiselect(
        "Arms",
        list(known["arm"]),
        key="arms",
        bind="query-params",
        max_selections=learning.MOST_ARMS,
        placeholder="All of them" if len(known) <= learning.MOST_ARMS else f"{DEFAULT[:1].upper()}{DEFAULT[1:]}",
    )
    names = picked
    if not picked:
        with readable():
            names = learning.preselected(study, known, learning.board_task(study, task))
        which = f"{DEFAULT} of {'this task' if task != ALL else 'the task that most architectures have'}"
        some = f"{which}: {len(names)} of {len(known):,} arms" if len(names) < len(known) else f"all {len(known)} arms"
        st.caption(f"Nothing chosen, so these are {some}.")
    return picked, [name for name in known["arm"] if name in set(names)]


def _charts(study: Answer, known: pd.DataFrame, found: Curves, tasks: list[str], value: str, *, alike: bool) -> None:
    owners = dict(zip(known["arm"], known["architecture"], strict=True))
    names = [name for name in owners if name in set(found.means["arm"])]
    looks, palette = colours.of_arms(names, owners, theme.current()), theme.current()
    frame.draw(lines.key(names, looks, palette), "key")
    metrics = study.table.groupby("task")["metric"].first()
    there = [task for task in tasks if (found.means["task"] == task).any()]
    height = lines.TALL if len(there) == 1 else lines.SMALL
    across = 1 if len(there) == 1 else BESIDE + (len(there) == BESIDE + 1)
    columns: list[Any] = []
    for place, task in enumerate(there):
        if place % across == 0:  # a row of its own, so that on a telephone they stay in order
            columns = list(st.columns(across, gap="large"))
        means, runs = (rows[rows["task"] == task] for rows in (found.means, found.runs))
        title = "training loss" if value == "loss" else f"validation {metrics[task]}"
        scale, single = (found.means, found.runs) if alike else (means, runs)
        around = pd.concat([scale[["low", "mean", "high"]], single[["value"]]])
        with columns[place % across]:
            frame.draw(lines.learning(means, looks, (task, title), palette, height, around, runs), f"curves-{place}")


def _said(every: int, drawn: int, tasks: int) -> None:
    """How it was made, and what was left out."""
    left = f" Showing {drawn} of {tasks} tasks; choose one to see it." if drawn < tasks else ""
    thin = f" Only one point in {every} is drawn, as there are more than {thinning.MOST_POINTS:,}."
    st.caption(f"{HOW}{thin if every > 1 else ''}{left}")


def _table(study: Answer, found: Curves, names: list[str]) -> None:
    st.subheader("Where did they end?", anchor=False)
    ends = _ordered(learning.ends(found), study.plan.tasks, names)
    shown = pd.DataFrame(
        {
            "Task": ends["task"],
            "Arm": ends["arm"],
            "At the last step": words.scores(ends),
            "Step": ends["step"],
            "Runs": [f"{n} of {whole}" for n, whole in zip(ends["n"], ends["n_runs"], strict=True)],
        }
    )
    said = f"{text.count(len(ends), 'curve')} of {text.count(ends['arm'].nunique(), 'arm')}."
    frame.tabulate(shown, found.means, f"{study.plan.name}-curves", said, frame.right("At the last step"))


def _ordered(ends: pd.DataFrame, tasks: Sequence[str], names: list[str]) -> pd.DataFrame:
    """In the order of the charts and of their key."""
    places = ends.assign(task=ends["task"].map(list(tasks).index), arm=ends["arm"].map(names.index))
    return ends.loc[places.sort_values(["task", "arm"]).index]


def _none(study: Answer, names: list[str]) -> None:
    why = f"None of the runs of {words.headed(names)} kept a learning curve." if names else "There is no arm to draw."
    frame.empty("No curves to draw", why, words.command("wonderland", "status", study.plan.name))


show()
