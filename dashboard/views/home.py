"""Home: what is here, what is new, and whether anything runs."""

import pandas as pd
import streamlit as st

from dashboard import age, frame, store
from dashboard.history import GOOD
from dashboard.store import Snapshot, Unreadable
from suite.analysis import text
from suite.display import ago, left
from suite.reproduction.kept import latest
from suite.store import Status

EVERY = 5.0  # seconds between two looks while a sweep runs
FINDINGS = 3
MOST = 20  # studies in the table
STUDY_LINK = st.column_config.LinkColumn(display_text=r"study=([^&]+)")


def show() -> None:
    names = store.studies()
    if not names:
        frame.nothing()
        return
    states = {name: store.status(name) for name in names}
    found = {name: _read(name) for name in names[:MOST]}
    running = [name for name, status in states.items() if status and status.state == "running"]
    readable = [study for study in found.values() if isinstance(study, Snapshot)]
    newest = max((study.newest for study in readable if study.newest), default=None)
    held = sum(len(study.answer.records) for study in readable)
    age.show(text.count(held, "record"), newest, running=bool(running))
    _numbers(names, readable, held, len(running))
    _notices(found, states)
    if running:
        st.fragment(_sweeps, run_every=EVERY)(tuple(running))
    _findings(found)
    _studies(names, found, states)
    frame.terminal("wonderland", "list", "sweeps")


def _read(name: str) -> Snapshot | str:
    """The study, or why it cannot be read: one that is damaged must not hide the others."""
    try:
        return store.snapshot(name)
    except Unreadable as problem:
        return str(problem)


def _numbers(names: tuple[str, ...], readable: list[Snapshot], held: int, running: int) -> None:
    planned = sum(len(study.answer.plan.trials) for study in readable)
    lost = sum(record.result.outcome != "finished" for study in readable for record in study.answer.records)
    numbers = {
        "Studies": f"{len(names):,}",
        "Records": f"{held:,}",
        "Planned": f"{planned:,}",
        "Not finished": f"{lost:,}",
        "Verified": f"{_verified(readable):,}",
        "Running sweeps": f"{running:,}",
    }
    with st.container(horizontal=True, gap="small"):
        for label, number in numbers.items():
            st.metric(label, number, border=True, width=150)


def _verified(readable: list[Snapshot]) -> int:
    """Records whose last verdict says that they came out the same when they were made again."""
    found = 0
    for study in readable:
        last = latest(store.verdicts(study.answer.plan.name))
        records = {record.id: record for record in study.answer.records}
        found += sum(one.verdict in GOOD and id in records and one.judges(records[id]) for id, one in last.items())
    return found


def _notices(found: dict[str, Snapshot | str], states: dict[str, Status | None]) -> None:
    """What is wrong with studies: one line each, and for a sweep that was lost the command that resumes it."""
    for name, study in found.items():
        if isinstance(study, str):
            frame.notice(f"{name} cannot be read: {study}")
            continue
        if study.damaged:
            frame.notice(f"{name}: {frame.damage(study.damaged)}")
        status = states[name]
        if status and status.state == "lost":
            frame.notice(f"The sweep of {name} was lost, last seen {ago(status.beat)}. What was answered is safe.")
            st.code(frame.resume(study.answer.plan), language=None, width="content")


def _sweeps(names: tuple[str, ...]) -> None:
    """What runs now, looked at again without the rest of the page."""
    with frame.guarded():
        states = {name: store.status(name) for name in names}
        if any(status is None or status.state != "running" for status in states.values()):
            st.rerun()  # a sweep has ended, and the numbers and findings change with it
        st.subheader("Running now", anchor=False)
        for name, status in states.items():
            if status:
                _sweep(name, status)


def _sweep(name: str, status: Status) -> None:
    answered = status.cached + status.done
    share = min(answered / status.total, 1.0) if status.total else 1.0
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(name, width="content")
            st.caption(f"{answered:,} of {status.total:,} trials, {left(status)}", width="stretch")
            st.page_link("views/live.py", label="Live", query_params={"study": name})
        st.progress(share)


def _findings(found: dict[str, Snapshot | str]) -> None:
    """The newest answers, each in a sentence with its interval."""
    told = [(name, study) for name, study in found.items() if isinstance(study, Snapshot) and study.answer.records]
    if not told:
        return
    st.subheader("Latest findings", anchor=False)
    for name, study in told[:FINDINGS]:
        with st.container(border=True):
            st.text(study.answer.plan.question, width="stretch")
            try:
                with store.readable():
                    st.text(study.answer.finding, width="stretch")
            except Unreadable as problem:
                frame.notice(str(problem))
            with st.container(horizontal=True, vertical_alignment="center"):
                st.page_link("views/effects.py", label="Effects", query_params={"study": name})
                st.page_link("views/leaderboard.py", label="Leaderboard", query_params={"study": name})
                st.caption(study.answer.coverage, width="stretch")


def _studies(names: tuple[str, ...], found: dict[str, Snapshot | str], states: dict[str, Status | None]) -> None:
    st.subheader("Studies", anchor=False)
    rows = [_row(name, study, states[name]) for name, study in found.items()]
    shown = pd.DataFrame(rows)
    said = f"{text.count(len(rows), 'study', 'studies')}, the last active first."
    full = shown.assign(Study=list(found))
    frame.tabulate(shown, full, "studies", said, {"Study": STUDY_LINK, **frame.right("Records", "Not finished")})
    if len(names) > MOST:
        st.caption(f"The last {MOST} of {len(names):,}; the picker on the other pages has all.")


def _row(name: str, study: Snapshot | str, status: Status | None) -> dict[str, str]:
    state = status.state if status else "not swept"
    if isinstance(study, str):
        unread = {"Question": f"cannot be read: {study}", "Records": "-", "Not finished": "-", "Newest": "-"}
        return {"Study": frame.study_link(name), **unread, "Sweep": state}
    records = study.answer.records
    return {
        "Study": frame.study_link(name),
        "Question": study.answer.plan.question,
        "Records": f"{len(records):,} of {len(study.answer.plan.trials):,}",
        "Not finished": f"{sum(record.result.outcome != 'finished' for record in records):,}",
        "Newest": ago(study.newest) if study.newest else "-",
        "Sweep": state,
    }


show()
