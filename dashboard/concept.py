"""One concept of the book, with a way to everything that stands for it."""

from collections.abc import Iterator, Sequence
from contextlib import suppress

import streamlit as st

from dashboard import frame, store, words
from dashboard.store import Unreadable
from suite.book.row import Row
from suite.book.sayings import CLAIMS, INVARIANTS
from suite.book.standing import Standing
from suite.store import Plan
from suite.trial import Level

FEW = 5  # studies named one by one


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
        _used(row, one.studies)
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


def _used(row: Row, told: tuple[str, ...]) -> None:
    """Other studies of this store that move it, run on it or with it: their effects and boards."""
    found = [(plan, links) for plan in _plans() if plan.name not in told and (links := _links(row, plan))]
    for plan, links in found[:FEW]:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(plan.name, width="content")
            for page, label, query in links:
                st.page_link(f"views/{page}.py", label=label, query_params={"study": plan.name, **query})
    if len(found) > FEW:
        st.caption(f"{FEW} of {len(found)} studies of this store that have it.")


def _plans() -> Iterator[Plan]:
    """The plans of the store, without those that cannot be read; other pages say why."""
    for name in store.studies():
        with suppress(Unreadable), store.readable():
            yield store.store().plan(name)


def _links(row: Row, plan: Plan) -> list[tuple[str, str, dict[str, str]]]:
    """Pages of a study that show this concept: each with its label and what it is asked for."""
    moved = [level.partition("=") for level in row.levels]
    varied = [factor for factor, _, level in moved if _has(plan.factors.get(factor, ()), level)]
    found = [("effects", f"Effects of {factor}", {"factor": factor}) for factor in dict.fromkeys(varied)]
    found += [("leaderboard", f"Leaderboard of {task}", {"task": task}) for task in row.tasks if task in plan.tasks]
    if not found and set(row.architectures) & set(plan.architectures):
        found.append(("leaderboard", "Leaderboard", {}))
    return found


def _has(levels: Sequence[Level], level: str) -> bool:
    """Whether a factor is varied, and this level among it if one is meant."""
    return len(levels) > 1 and (not level or level in map(str, levels))


def _compose(row: Row) -> None:
    """A study of one's own on it, where it can be moved or compared."""
    factors = list(dict.fromkeys(level.partition("=")[0] for level in row.levels))
    levels = [level.partition("=") for level in row.levels]
    query = {"new_tasks": list(row.tasks), "new_architectures": list(row.architectures), "new_vary": factors}
    query |= {f"vary_{factor}": [level] for factor, _, level in levels if level}
    asked = {name: names for name, names in query.items() if names}
    if asked:
        st.page_link("views/compose.py", label="Compose a study on it", query_params=asked)
