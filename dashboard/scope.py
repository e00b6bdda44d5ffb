"""Scope: which task and which architecture a page is asked about; nothing chosen is all of them."""

from collections.abc import Sequence

import streamlit as st

from dashboard import frame
from suite.answer import ALL

TASKS = "All tasks"
ARCHITECTURES = "All architectures"


def task(names: Sequence[str], *, together: bool = True) -> str:
    """The task chosen among these, or "all"; where there is one, it is that one, in its own metric.

    Where nothing can be said of all `together`, the first unless another is chosen.
    """
    if len(names) == 1:
        return names[0]
    if names and not together:
        return st.selectbox("Task", names, key="task", bind="query-params", width=frame.PICKER)
    return _one("Task", TASKS, names, "task")


def architecture(names: Sequence[str]) -> str:
    """The architecture chosen among these, or "all"; where there is one, "all" is that one."""
    return _one("Architecture", ARCHITECTURES, names, "architecture")


def _one(label: str, every: str, names: Sequence[str], key: str) -> str:
    if len(names) < 2:
        return ALL
    picked = st.selectbox(label, [every, *names], key=key, bind="query-params", width=frame.PICKER)
    return ALL if picked == every else picked


def options(task: str, architecture: str) -> list[str]:
    """The words that say the same to a command."""
    asked = {"--task": task, "--architecture": architecture}
    return [word for name, value in asked.items() if value != ALL for word in (name, value)]
