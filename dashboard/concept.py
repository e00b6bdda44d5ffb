"""One concept of the book, with a way to everything that stands for it."""

import streamlit as st

from dashboard import frame, store, words
from suite.book.row import Row
from suite.book.sayings import CLAIMS, INVARIANTS
from suite.book.standing import Standing


def card(one: Standing) -> None:
    row = one.row
    with st.container(border=True):
        st.subheader(f"{row.name}, section {row.section}", anchor=False)
        if row.gap:
            frame.notice(f"Missing: {row.gap}.")
        for line in _lines(row):
            st.text(line, width="stretch")
        for verdict in one.verdicts:
            with st.container(horizontal=True, vertical_alignment="center"):
                frame.badge(verdict.verdict.capitalize(), good=verdict.verdict != "inconclusive")
                st.text(verdict.sentence, width="stretch")
        _studies(one)
        _compose(row)


def _lines(row: Row) -> list[str]:
    """What the suite has, in words: a line for each kind."""
    named = {
        "Levels": [level.replace("=", " ") for level in row.levels],
        "Architectures": row.architectures,
        "Tasks": row.tasks,
        "Parts": row.files,
        "Tests": [f"{test} ({INVARIANTS[test]})" if test in INVARIANTS else f"tests/{test}" for test in row.tests],
        "Claims": [f"{claim} ({CLAIMS[claim]})" for claim in row.claims],
    }
    return [f"{kind}: {', '.join(names)}" for kind, names in named.items() if names]


def _studies(one: Standing) -> None:
    """Studies that ask about it: their pages where they were swept, else the command that sweeps them."""
    swept = store.studies()
    for study in one.studies:
        if study in swept:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.text(study, width="content")
                st.page_link("views/claims.py", label="Claims", query_params={"from": study})
                st.page_link("views/effects.py", label="Effects", query_params={"study": study})
                st.page_link("views/leaderboard.py", label="Leaderboard", query_params={"study": study})
        else:
            st.code(words.command("wonderland", "sweep", study), language=None, width="content")


def _compose(row: Row) -> None:
    """A study of one's own on it, where it can be moved or compared."""
    factors = list(dict.fromkeys(level.partition("=")[0] for level in row.levels))
    levels = [level.partition("=") for level in row.levels]
    query = {"new_tasks": list(row.tasks), "new_architectures": list(row.architectures), "new_vary": factors}
    query |= {f"vary_{factor}": [level] for factor, _, level in levels if level}
    asked = {name: names for name, names in query.items() if names}
    if asked:
        st.page_link("views/compose.py", label="Compose a study on it", query_params=asked)
