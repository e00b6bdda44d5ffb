"""The book's map as the store answers it now."""

import streamlit as st

from dashboard import store
from dashboard.store import Unreadable
from suite.book import answers, standing
from suite.book.standing import Standing, Verdict


def standings() -> tuple[tuple[Standing, ...], tuple[str, ...]]:
    """Every row with the verdicts there are; and of studies that cannot be read, why."""
    found: list[Verdict] = []
    unread: list[str] = []
    for name in store.studies():
        try:
            found += _verdicts(name)
        except Unreadable as problem:
            unread.append(f"{name}: {problem}")
    return standing.standings(asked(), found), tuple(unread)


def _verdicts(name: str) -> tuple[Verdict, ...]:
    study = store.snapshot(name).answer
    with store.readable():
        return tuple(answers.of(name, study))


@st.cache_resource(show_spinner=False)
def asked() -> dict[str, tuple[str, ...]]:
    """The catalogue does not change while a server runs, and reading all its studies takes a second."""
    return standing.asked()
